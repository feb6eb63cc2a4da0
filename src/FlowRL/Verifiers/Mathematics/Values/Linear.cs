using System.Numerics;

namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>Expressions that are a constant plus a constant times one variable.</summary>
internal static class Linear
{
    /// <summary>Where the slope is looked at, apart from 0: a polynomial of some degree or a periodic function differs at one of them.</summary>
    private static readonly int[] Places = [1, 6, 8, -6];

    /// <summary>The value at 0 and the slope, which is not 0; null for what is not linear in <paramref name="variable"/> alone.</summary>
    public static (Expression Start, Expression Slope)? Of(Expression expression, string variable)
    {
        if (expression.Variables().Any(name => name != variable)) return null;
        Expression At(int x) => expression.Replaced(part => part is Expression.Symbol symbol && symbol.Name == variable ? Expression.Integer(x) : null);
        var (start, slope) = (At(0), At(1).Minus(At(0)));
        var size = Valuation.OfConstant(slope);
        if (!Complex.IsFinite(size) || size == Complex.Zero) return null;
        return Places.All(place => ExpressionMatcher.AreEqual(At(place + 1).Minus(At(place)), slope)) ? (start, slope) : null;
    }
}
