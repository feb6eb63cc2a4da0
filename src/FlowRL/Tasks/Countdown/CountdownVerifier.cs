using static FlowRL.Tasks.Countdown.CountdownExpression;

namespace FlowRL.Tasks.Countdown;

/// <summary>
/// Checks a response <c>step;step;…;expression</c>. Never throws and never takes long, whatever the text.
/// Correct (score 1, else 0) is a response whose n−1 steps are true equations over what is left of the n numbers and earlier results,
/// end at the target, and whose expression uses each number once, equals the target, and is the computation of the steps.
/// </summary>
internal static class CountdownVerifier
{
    public static Verdict Verify(CountdownPuzzle puzzle, string response)
    {
        if (response.Length > ExpressionReader.MaxLength) return Judge(isCorrect: false, validSteps: 0, isRight: false, form: null);
        var parts = response.Split(';');
        var stepCount = puzzle.Numbers.Length - 1;
        var steps = ValidSteps(puzzle.Numbers, parts.AsSpan(..^1));
        var expression = ExpressionReader.Read(parts[^1]);
        var isRight = expression is not null && Reaches(expression, puzzle);
        var form = expression is null ? null : SolutionForm.Of(expression);
        var isCorrect = isRight && steps.Count == stepCount && parts.Length - 1 == stepCount
            && steps[^1].Result == new Rational64(puzzle.Target)
            && Computations(puzzle.Numbers, steps).Any(computation => SolutionForm.Of(computation) == form);
        return Judge(isCorrect, (double)steps.Count / stepCount, isRight, form);
    }

    private static Verdict Judge(bool isCorrect, double validSteps, bool isRight, string? form)
    {
        var parts = new Dictionary<string, double>
        {
            ["correct"] = isCorrect ? 1 : 0,
            ["steps"] = validSteps,
            ["expression"] = isRight ? 1 : 0,
        };
        return new Verdict(new Reward.Score(isCorrect ? 1 : 0, parts), form, isCorrect ? form : null);
    }

    private static bool Reaches(CountdownExpression expression, CountdownPuzzle puzzle) =>
        expression.Numbers().Order().SequenceEqual(puzzle.Numbers) && expression.Evaluate() == new Rational64(puzzle.Target);

    // The steps before the first that is malformed, false, or uses a value that is not there.
    private static List<Step> ValidSteps(int[] numbers, ReadOnlySpan<string> texts)
    {
        var available = numbers.Select(number => new Rational64(number)).ToList();
        var steps = new List<Step>();
        foreach (var text in texts)
        {
            if (ExpressionReader.ReadStep(text) is not { IsTrue: true } step) break;
            if (!available.Remove(step.Left) || !available.Remove(step.Right)) break;
            available.Add(step.Result);
            steps.Add(step);
        }
        return steps;
    }

    // A step names its operands by value. Where two different results have that value, any of them may be meant.
    private static IEnumerable<CountdownExpression> Computations(int[] numbers, List<Step> steps)
    {
        IEnumerable<CountdownExpression[]> states = [[.. numbers.Select(number => new Number(number))]];
        foreach (var step in steps)
            states = states.SelectMany(state => Outcomes(state, step));
        return states.Select(state => state[0]);
    }

    private static IEnumerable<CountdownExpression[]> Outcomes(CountdownExpression[] state, Step step) =>
        from left in Candidates(state, step.Left)
        let others = Without(state, left)
        from right in Candidates(others, step.Right)
        select (CountdownExpression[])[.. Without(others, right), new Operation(step.Symbol, left, right)];

    private static IEnumerable<CountdownExpression> Candidates(CountdownExpression[] state, Rational64 value) =>
        state.Where(expression => expression.Evaluate() == value).Distinct();

    private static CountdownExpression[] Without(CountdownExpression[] state, CountdownExpression one)
    {
        var rest = state.ToList();
        rest.Remove(one);
        return [.. rest];
    }
}
