using FlowRL.Tasks.Planning.Pddl;

namespace FlowRL.Tasks.Planning;

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
