using FlowRL.Verifiers.Planning;

namespace FlowRL.Tasks.Planning;

/// <summary>Finds the plan in a response: every innermost pair of brackets is a step, in order, after a closing think tag where there is one.</summary>
internal static class PlanText
{
    private const string ThinkingEnd = "</think>";
    private const int MostSteps = 1000;
    private const int LongestStep = 500;

    public static IReadOnlyList<PlanStep> Read(string response)
    {
        var text = response.AsSpan();
        if (text.LastIndexOf(ThinkingEnd, StringComparison.Ordinal) is >= 0 and var end) text = text[(end + ThinkingEnd.Length)..];
        var steps = new List<PlanStep>();
        var opened = -1;
        for (var i = 0; i < text.Length && steps.Count < MostSteps; i++)
        {
            if (text[i] == '(') opened = i;
            else if (text[i] == ')' && opened >= 0)
            {
                if (i - opened < LongestStep && Step(text[(opened + 1)..i]) is { } step) steps.Add(step);
                opened = -1;
            }
        }
        return steps;
    }

    private static PlanStep? Step(ReadOnlySpan<char> text)
    {
        var words = text.ToString().ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : new PlanStep(words[0], words[1..]);
    }
}

/// <summary>A problem as a model reads it: what holds, an arrow, and what is to hold. What never changes and no goal names is left out.</summary>
internal static class PlanningPrompt
{
    public static string Of(PlanningProblem problem)
    {
        var changing = problem.Domain.Actions.Values.SelectMany(action => action.Effect).Select(effect => effect.Fact.Words[0]).ToHashSet();
        var now = problem.Initial.Where(fact => changing.Contains(fact.Words[0])).Select(fact => fact.Text).Order(StringComparer.Ordinal);
        var then = problem.Goal.Select(literal => literal.IsPositive ? literal.Fact.Text : $"(not {literal.Fact.Text})");
        return $"{string.Concat(now)}>{string.Concat(then)}:";
    }
}
