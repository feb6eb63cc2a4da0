using static FlowRL.Tasks.Countdown.CountdownExpression;

namespace FlowRL.Tasks.Countdown;

/// <summary>Writes a solution as a response: steps with operands and independent steps in random order, then the
/// expression.</summary>
internal static class Demonstration
{
    public static string Write(CountdownExpression solution, ulong seed)
    {
        var draws = 0L;
        var steps = new List<string>();
        var (shuffled, _) = Walk(solution);
        return string.Join(';', [.. steps, shuffled.ToString()]);

        bool Coin() => Seeds.Below(seed, draws++, 2) == 1;

        (CountdownExpression Expression, Rational64 Value) Walk(CountdownExpression expression)
        {
            if (expression is not Operation operation) return (expression, expression.Evaluate()!.Value);
            var swaps = operation.Symbol is '+' or '*' && Coin();
            var (first, second) = swaps ? (operation.Right, operation.Left) : (operation.Left, operation.Right);
            var secondEarlier = Coin();
            var early = Walk(secondEarlier ? second : first);
            var late = Walk(secondEarlier ? first : second);
            var (left, right) = secondEarlier ? (late, early) : (early, late);
            var result = Rational64.Apply(operation.Symbol, left.Value, right.Value)!.Value;
            steps.Add(new Step(operation.Symbol, left.Value, right.Value, result).ToString());
            return (new Operation(operation.Symbol, left.Expression, right.Expression), result);
        }
    }
}
