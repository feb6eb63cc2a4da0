using System.Numerics;

namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>Whether one expression is a constant times another.</summary>
internal static class Proportion
{
    private const int Points = 5;
    private const int MostTried = 15;
    private const int MostVariables = 12;
    private const double Agreement = 1e-9;

    /// <summary>The sign of the constant, 1 where it is not real; null where there is none, or nothing to see it by.</summary>
    public static int? Of(Expression a, Expression b)
    {
        var variables = a.Variables().Concat(b.Variables()).ToHashSet();
        if (variables.Count is 0 or > MostVariables) return null;
        var areWhole = SamplePoint.AreWhole(a) || SamplePoint.AreWhole(b);
        (Expression A, Expression B)? first = null;
        Complex ratio = default;
        var agreed = 0;
        for (var tried = 0; tried < MostTried && agreed < Points; tried++)
        {
            var point = areWhole ? SamplePoint.Whole(variables, tried) : SamplePoint.Of(variables, tried);
            var evaluation = new Valuation(point);
            var (x, y) = (evaluation.Approximate(a), evaluation.Approximate(b));
            if (!Complex.IsFinite(x.Value) || !Complex.IsFinite(y.Value) || (x.LeftReals && y.LeftReals)) continue;
            if (x.Value == Complex.Zero || y.Value == Complex.Zero)
            {
                if (x.Value != y.Value) return null;
                continue;
            }
            var (left, right) = (At(a, point), At(b, point));
            if (first is null) (first, ratio) = ((left, right), x.Value / y.Value);
            else if (Complex.Abs(x.Value / y.Value - ratio) > Agreement * Complex.Abs(ratio)
                // a(p) b(q) = a(q) b(p), to the last digit
                || !ExpressionMatcher.AreEqual(new Expression.Product([left, first.Value.B]), new Expression.Product([right, first.Value.A]))) return null;
            agreed++;
        }
        return agreed < Points ? null : ratio is { Imaginary: 0, Real: < 0 } ? -1 : 1;
    }

    /// <summary>The expression with numbers for its variables.</summary>
    private static Expression At(Expression expression, IReadOnlyDictionary<string, Rational> point) => expression.Replaced(part =>
        part is Expression.Symbol symbol && point.TryGetValue(symbol.Name, out var value) ? new Expression.Number(value) : null);
}
