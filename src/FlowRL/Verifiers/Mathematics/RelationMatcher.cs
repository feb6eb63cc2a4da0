using System.Numerics;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>
/// Whether two equations or inequalities say the same: their left sides minus right sides differ by a constant factor, for an inequality a
/// positive one in the same direction.
/// </summary>
internal static class RelationMatcher
{
    private const int Points = 5;
    private const double Agreement = 1e-9;

    public static AnswerComparison Compare(Answer.Relation a, Answer.Relation b)
    {
        if (a.Signs.Count != b.Signs.Count) return AnswerComparison.Different("a chain of another length");
        var (left, right) = (Steps(a), Steps(b).ToList());
        foreach (var step in left)
        {
            var match = right.FindIndex(candidate => AreEqual(step, candidate));
            if (match < 0) return AnswerComparison.Different("another equation or inequality");
            right.RemoveAt(match);
        }
        return AnswerComparison.Equal("the same up to a factor");
    }

    /// <summary>1 &lt; x ≤ 2 as (1, 2], x &gt; 3 as (3, ∞); null where one variable does not stand alone between constants.</summary>
    public static Answer.Sequence? Interval(Answer.Relation relation)
    {
        var rising = relation.Signs.All(sign => sign is "<" or "≤");
        if (!rising && !relation.Signs.All(sign => sign is ">" or "≥")) return null;
        var sides = rising ? relation.Sides : [.. relation.Sides.Reverse()];
        var open = (rising ? relation.Signs : relation.Signs.Reverse()).Select(sign => sign is "<" or ">").ToList();
        Answer.Value End(Expression value) => new(value, "", false);
        var infinity = new Expression.Symbol(Expression.Infinity);
        return sides switch
        {
            [var low, Expression.Symbol, var high] when IsConstant(low) && IsConstant(high) =>
                new(open[0] ? '(' : '[', open[1] ? ')' : ']', [End(low), End(high)]),
            [var low, Expression.Symbol] when IsConstant(low) => new(open[0] ? '(' : '[', ')', [End(low), End(infinity)]),
            [Expression.Symbol, var high] when IsConstant(high) => new('(', open[0] ? ')' : ']', [End(infinity.Negated()), End(high)]),
            _ => null,
        };
    }

    private static bool IsConstant(Expression expression) => !expression.Variables().Any();

    /// <summary>Each sign with the difference of its sides, turned so that inequalities say "greater".</summary>
    private static IEnumerable<(Expression Difference, string Sign)> Steps(Answer.Relation relation)
    {
        for (var i = 0; i < relation.Signs.Count; i++)
        {
            var (left, right, sign) = (relation.Sides[i], relation.Sides[i + 1], relation.Signs[i]);
            if (sign is "<" or "≤") (left, right, sign) = (right, left, sign == "<" ? ">" : "≥");
            yield return (new Expression.Sum([left, right.Negated()]), sign);
        }
    }

    private static bool AreEqual((Expression Difference, string Sign) a, (Expression Difference, string Sign) b)
    {
        if (a.Sign != b.Sign || a.Sign == "∈") return false;
        var variables = a.Difference.Variables().Concat(b.Difference.Variables()).ToHashSet();
        if (variables.Count is 0 or > 12) return false;
        Complex? factor = null;
        var agreed = 0;
        for (var point = 0; point < 3 * Points && agreed < Points; point++)
        {
            var evaluation = new Evaluation(SamplePoint.Of(variables, point));
            var (x, y) = (Value(evaluation, a.Difference), Value(evaluation, b.Difference));
            if (x is null || y is null) continue;
            if (y.Value == Complex.Zero || x.Value == Complex.Zero)
            {
                if (x.Value != y.Value) return false;
                continue;
            }
            var ratio = x.Value / y.Value;
            factor ??= ratio;
            if (Complex.Abs(ratio - factor.Value) > Agreement * Complex.Abs(factor.Value)) return false;
            agreed++;
        }
        return agreed == Points && (a.Sign is "=" or "≠" || factor is { Real: > 0 });
    }

    private static Complex? Value(Evaluation evaluation, Expression expression)
    {
        if (evaluation.Exact(expression) is { } exact) return exact.ToDouble();
        var (value, _) = evaluation.Approximate(expression);
        return Complex.IsFinite(value) ? value : null;
    }
}
