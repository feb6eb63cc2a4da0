namespace FlowRL.Verifiers.Mathematics;

/// <summary>Compares answers as read: first by kind, then part by part.</summary>
internal sealed class AnswerMatcher(AnswerRules rules)
{
    private const int MostItems = 64;

    public AnswerComparison Compare(Answer gold, Answer answer) => (gold, answer) switch
    {
        (Answer.Value a, Answer.Value b) => Values(a, b),
        (Answer.Words a, Answer.Words b) => a.Text == b.Text ? AnswerComparison.Equal("the same words") : AnswerComparison.Different("other words"),
        (Answer.Relation a, Answer.Relation b) => RelationMatcher.Compare(a, b) is { Outcome: AnswerOutcome.Equal } equal ? equal : Solved(a, b),
        (Answer.Relation a, _) when Bare(a) is { } value && answer is not Answer.Relation => Compare(value, answer),
        (_, Answer.Relation b) when Bare(b) is { } value => Compare(gold, value),
        (Answer.Relation a, Answer.Sequence or Answer.Union) when AsInterval(a) is { } interval => Compare(interval, answer),
        (Answer.Sequence or Answer.Union, Answer.Relation b) when AsInterval(b) is { } interval => Compare(gold, interval),
        (Answer.Sequence a, Answer.Sequence b) => Sequences(a, b),
        (Answer.Union a, Answer.Union b) => Unordered(a.Parts, b.Parts),
        (Answer.Union a, Answer.Sequence { IsBare: true } b) when b.Items.All(item => item is Answer.Relation) => Unordered(a.Parts, b.Items),
        (Answer.Sequence { IsBare: true } a, Answer.Union b) when a.Items.All(item => item is Answer.Relation) => Unordered(a.Items, b.Parts),
        (Answer.Matrix a, Answer.Matrix b) => Matrices(a, b),
        _ => AnswerComparison.Different($"{Kind(answer)}, not {Kind(gold)}"),
    };

    private AnswerComparison Values(Answer.Value gold, Answer.Value answer)
    {
        if (gold.Unit != answer.Unit && (rules.Units || (gold.Unit != "" && answer.Unit != "")))
            return AnswerComparison.Different(
                answer.Unit == "" ? $"without the unit {gold.Unit}" : $"in {answer.Unit}" + (gold.Unit == "" ? "" : $", not {gold.Unit}"));
        var (a, b) = (gold.Expression, answer.Expression);
        if (gold.IsPercent == answer.IsPercent || rules.Percent == PercentRule.Number)
            return ExpressionMatcher.Compare(a, b, rules.RelativeTolerance);
        var ratio = gold.IsPercent
            ? ExpressionMatcher.Compare(Hundredth(a), b, rules.RelativeTolerance)
            : ExpressionMatcher.Compare(a, Hundredth(b), rules.RelativeTolerance);
        return rules.Percent == PercentRule.Ratio || ratio.Outcome == AnswerOutcome.Equal
            ? ratio : ExpressionMatcher.Compare(a, b, rules.RelativeTolerance);
    }

    private static Expression Hundredth(Expression value) => value.Over(Expression.Integer(100));

    private AnswerComparison Sequences(Answer.Sequence gold, Answer.Sequence answer)
    {
        var (a, b) = (gold.Items, answer.Items);
        if (a.Count != b.Count) return AnswerComparison.Different($"{b.Count} parts, not {a.Count}");
        if (gold.IsBare || answer.IsBare || (gold.IsSet && answer.IsSet))
        {
            // Without brackets on one side, the brackets of the other say whether order matters.
            var brackets = gold.IsBare ? answer : gold;
            return brackets.IsSet || (brackets.IsBare && !rules.ListOrder) ? Unordered(a, b) : Ordered(a, b);
        }
        return (gold.Open, gold.Close) == (answer.Open, answer.Close)
            ? Ordered(a, b)
            : AnswerComparison.Different($"brackets {answer.Open} {answer.Close}, not {gold.Open} {gold.Close}");
    }

    private AnswerComparison Ordered(IReadOnlyList<Answer> gold, IReadOnlyList<Answer> answer)
    {
        for (var i = 0; i < gold.Count; i++)
        {
            if (Compare(gold[i], answer[i]) is { Outcome: not AnswerOutcome.Equal } unequal)
                return unequal with { Reason = $"part {i + 1}: {unequal.Reason}" };
        }
        return AnswerComparison.Equal("every part is equal");
    }

    private AnswerComparison Unordered(IReadOnlyList<Answer> gold, IReadOnlyList<Answer> answer)
    {
        if (gold.Count != answer.Count) return AnswerComparison.Different($"{answer.Count} parts, not {gold.Count}");
        if (gold.Count > MostItems) return AnswerComparison.Undecided($"over {MostItems} parts are not compared without order");
        var left = gold.ToList();
        foreach (var (i, item) in answer.Index())
        {
            var match = left.FindIndex(candidate => Compare(candidate, item).Outcome == AnswerOutcome.Equal);
            if (match < 0) return AnswerComparison.Different($"part {i + 1} is none of those expected");
            left.RemoveAt(match);
        }
        return AnswerComparison.Equal("every part is equal, in some order");
    }

    private AnswerComparison Matrices(Answer.Matrix gold, Answer.Matrix answer) =>
        gold.Rows.Select(row => row.Count).SequenceEqual(answer.Rows.Select(row => row.Count))
            ? Ordered([.. gold.Rows.SelectMany(row => row)], [.. answer.Rows.SelectMany(row => row)])
            : AnswerComparison.Different("a matrix of another size");

    /// <summary>Two equations that name one variable each: x = 5 and t = 5 are different, x = 5 and x = 10/2 are the same.</summary>
    private AnswerComparison Solved(Answer.Relation gold, Answer.Relation answer) =>
        Lone(gold) is { } a && Lone(answer) is { } b && a == b && gold.Signs.Concat(answer.Signs).All(sign => sign == "=")
            ? ExpressionMatcher.Compare(gold.Sides[^1], answer.Sides[^1], rules.RelativeTolerance)
            : RelationMatcher.Compare(gold, answer);

    /// <summary>The value that an equation gives a name: 5 of x = 5 and of 2 + 3 = 5; null where it is an equation of its own.</summary>
    private Answer.Value? Bare(Answer.Relation relation)
    {
        if (!rules.BareEquations || relation.Signs.Any(sign => sign != "=")) return null;
        var value = relation.Sides[^1];
        var isNamed = Lone(relation) is not null;
        var isComputed = relation.Sides.All(side => !side.Variables().Any())
            && relation.Sides.All(side => ExpressionMatcher.Compare(value, side, 0).Outcome == AnswerOutcome.Equal);
        return isNamed || isComputed ? new Answer.Value(value, "", false) : null;
    }

    /// <summary>x of x = 5, f of f(x) = x + 1; null where the left side is more than a name.</summary>
    private static string? Lone(Answer.Relation relation) => relation.Sides[0] switch
    {
        Expression.Symbol symbol => symbol.Name,
        Expression.Product { Factors: [Expression.Symbol function, Expression.Symbol] } => function.Name,
        _ => null,
    };

    private Answer.Sequence? AsInterval(Answer.Relation relation) => rules.InequalityIsInterval ? RelationMatcher.Interval(relation) : null;

    private static string Kind(Answer answer) => answer switch
    {
        Answer.Value => "a value",
        Answer.Words => "words",
        Answer.Relation => "an equation or inequality",
        Answer.Sequence { IsSet: true } => "a set",
        Answer.Sequence => "several values",
        Answer.Union => "a union",
        _ => "a matrix",
    };
}
