namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>
/// Angles in degrees. Under a trigonometric function they are turned into radians as they are read; anywhere else 30° is 30 with a unit,
/// or π/6 where the other answer is in radians.
/// </summary>
internal static class Degrees
{
    private const string Function = "deg";

    /// <summary>An angle of so many degrees.</summary>
    public static Expression Of(Expression degrees) => new Expression.Call(Function, [degrees]);

    public static bool AreIn(Expression expression) => expression.Has(part => part is Expression.Call { Function: Function });

    /// <summary>Degrees as plain numbers.</summary>
    public static Expression Dropped(Expression expression) => AreIn(expression)
        ? expression.Replaced(part => part is Expression.Call { Function: Function } angle ? Dropped(angle.Arguments[0]) : null) : expression;

    /// <summary>Degrees as radians.</summary>
    public static Expression InRadians(Expression expression) => AreIn(expression)
        ? expression.Replaced(part => part is Expression.Call { Function: Function } angle ? Radians(InRadians(angle.Arguments[0])) : null) : expression;

    private static Expression.Product Radians(Expression degrees) =>
        new([degrees, new Expression.Symbol(Expression.Pi), new Expression.Number(Rational.Of(1, 180)!.Value)]);
}
