using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>Inequalities between a constant and a linear expression in one variable, or the absolute value of one.</summary>
internal static class LinearInequality
{
    /// <summary>The numbers for which it holds; null where it is no such inequality.</summary>
    public static RealSet? Solved(Expression left, string sign, Expression right)
    {
        if (!right.IsConstant) (left, sign, right) = (right, Turned(sign), left);
        if (!right.IsConstant || left.IsConstant || sign is not ("<" or "≤" or ">" or "≥")) return null;
        return left is Expression.Call { Function: "abs", Arguments: [var inner] } ? SolvedAbsolute(inner, sign, right) : SolvedLinear(left, sign, right);
    }

    private static string Turned(string sign) => sign switch { "<" => ">", "≤" => "≥", ">" => "<", "≥" => "≤", _ => sign };

    /// <summary>|x| &lt; c is −c &lt; x &lt; c, and |x| > c what that leaves, with the ends turned.</summary>
    private static RealSet? SolvedAbsolute(Expression inner, string sign, Expression bound)
    {
        if (sign is ">" or "≥") return SolvedAbsolute(inner, sign == ">" ? "≤" : "<", bound)?.Complement();
        return SolvedLinear(inner, sign, bound) is { } below && SolvedLinear(inner, Turned(sign), bound.Negated()) is { } above ? below.Intersect(above) : null;
    }

    private static RealSet? SolvedLinear(Expression left, string sign, Expression bound)
    {
        var infinity = new Expression.Symbol(Expression.Infinity);
        if (left is not Expression.Symbol)
        {
            if (ExpressionMatcher.Infinite(bound) is not null || Linear.Of(left, left.Variables().First()) is not var (start, step)) return null;
            var slope = Valuation.OfConstant(step);
            if (slope.Imaginary != 0) return null;
            if (slope.Real < 0) sign = Turned(sign);
            bound = bound.Minus(start).Over(step);
        }
        return sign is "<" or "≤" ? RealSet.Between(infinity.Negated(), false, bound, sign == "≤") : RealSet.Between(bound, sign == "≥", infinity, false);
    }
}
