using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>
/// Whether two equations or inequalities say the same: their left sides minus right sides differ by a constant factor, for an inequality a
/// positive one in the same direction.
/// </summary>
internal static class RelationMatcher
{
    public static AnswerComparison Compare(Answer.Relation a, Answer.Relation b)
    {
        if (a.Signs.Count != b.Signs.Count) return AnswerComparison.Different("a chain of another length");
        return Compare([a], [b]);
    }

    /// <summary>Compares what several relations say together, in whatever order.</summary>
    public static AnswerComparison Compare(IEnumerable<Answer.Relation> a, IEnumerable<Answer.Relation> b)
    {
        var (left, right) = (a.SelectMany(Steps).ToList(), b.SelectMany(Steps).ToList());
        foreach (var step in left)
        {
            var match = right.FindIndex(candidate => AreEqual(step, candidate));
            if (match < 0) return AnswerComparison.Different("another equation or inequality");
            right.RemoveAt(match);
        }
        return right.Count == 0 ? AnswerComparison.Equal("the same up to a factor") : AnswerComparison.Different("another equation or inequality");
    }

    /// <summary>1 &lt; x ≤ 2 as (1, 2], x &gt; 3 as (3, ∞); null where one variable does not stand alone between constants.</summary>
    public static Answer.Sequence? Interval(Answer.Relation relation)
    {
        var rising = relation.Signs.All(sign => sign is "<" or "≤");
        if (!rising && !relation.Signs.All(sign => sign is ">" or "≥")) return null;
        var sides = rising ? relation.Sides : [.. relation.Sides.Reverse()];
        var open = (rising ? relation.Signs : relation.Signs.Reverse()).Select(sign => sign is "<" or ">").ToList();
        var infinity = new Expression.Symbol(Expression.Infinity);
        return sides switch
        {
            [var low, Expression.Symbol { IsConstant: false }, var high] when low.IsConstant && high.IsConstant => Between(low, open[0], high, open[1]),
            [var low, Expression.Symbol { IsConstant: false }] when low.IsConstant => Between(low, open[0], infinity, true),
            [Expression.Symbol { IsConstant: false }, var high] when high.IsConstant => Between(infinity.Negated(), true, high, open[0]),
            _ => null,
        };
    }

    private static Answer.Sequence Between(Expression low, bool isLowOpen, Expression high, bool isHighOpen) =>
        new(isLowOpen || ExpressionMatcher.Infinite(low) is not null ? '(' : '[', isHighOpen || ExpressionMatcher.Infinite(high) is not null ? ')' : ']',
            [Answer.Value.Of(low), Answer.Value.Of(high)]);

    /// <summary>Each sign with the difference of its sides, turned so that inequalities say "greater".</summary>
    private static IEnumerable<(Expression Difference, string Sign)> Steps(Answer.Relation relation)
    {
        for (var i = 0; i < relation.Signs.Count; i++)
        {
            var (left, right, sign) = (relation.Sides[i], relation.Sides[i + 1], relation.Signs[i]);
            if (sign is "<" or "≤") (left, right, sign) = (right, left, sign == "<" ? ">" : "≥");
            // x < ∞ says nothing more than x > −∞ does; the sides are compared as they stand.
            yield return (left.Minus(right), sign);
        }
    }

    private static bool AreEqual((Expression Difference, string Sign) a, (Expression Difference, string Sign) b)
    {
        if (a.Sign != b.Sign || a.Sign is "∈" or "∉") return false;
        return Proportion.Of(Degrees.Dropped(a.Difference), Degrees.Dropped(b.Difference)) is { } sign && (a.Sign is "=" or "≠" || sign > 0);
    }
}
