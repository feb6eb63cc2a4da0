using FlowRL.Verifiers.Mathematics.Reading;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>Compares answers as read: first by kind, then part by part; what is a set of real numbers also as such.</summary>
internal sealed class AnswerMatcher(AnswerRules rules)
{
    private const int MostItems = 64;
    private const int MostComparisons = 5000;

    private int _comparisons;

    public AnswerComparison Compare(Answer gold, Answer answer)
    {
        if (++_comparisons > MostComparisons) return AnswerComparison.Undecided("the answers have too many parts");
        var comparison = ByKind(gold, answer);
        return comparison.Outcome != AnswerOutcome.Equal && AreSameSet(gold, answer) ? AnswerComparison.Equal("the same set of numbers") : comparison;
    }

    private AnswerComparison ByKind(Answer gold, Answer answer) => (gold, answer) switch
    {
        (Answer.Value a, Answer.Value b) => Values(a, b),
        (Answer.Rounded a, _) => Either(Compare(a.Exact, answer), () => Compare(a.Decimal, answer)),
        (_, Answer.Rounded b) => Either(Compare(gold, b.Exact), () => Compare(gold, b.Decimal)),
        (Answer.Words a, Answer.Words b) => a.Text == b.Text ? AnswerComparison.Equal("the same words") : AnswerComparison.Different("other words"),
        (Answer.Words { Product: { } a }, Answer.Value { Unit: "", Expression.IsConstant: false }) => Compare(Answer.Value.Of(a), answer),
        (Answer.Value { Unit: "", Expression.IsConstant: false }, Answer.Words { Product: { } b }) => Compare(gold, Answer.Value.Of(b)),
        (Answer.Builder a, _) when Plain(a) is { } plain => Compare(plain, answer),
        (_, Answer.Builder b) when Plain(b) is { } plain => Compare(gold, plain),
        (Answer.Relation a, Answer.Relation b) => RelationMatcher.Compare(a, b) is { Outcome: AnswerOutcome.Equal } equal ? equal : Solved(a, b),
        (Answer.Relation a, Answer.Sequence or Answer.Assigned) when Quantities.Together(a) is { } together => Compare(together, answer),
        (Answer.Sequence or Answer.Assigned, Answer.Relation b) when Quantities.Together(b) is { } together => Compare(gold, together),
        (Answer.Assigned a, Answer.Assigned b) => Assignments(a, b),
        (Answer.Sequence { IsSet: true, Items: [var only] }, Answer.Value or Answer.Assigned or Answer.Sequence { Open: '(' }) => Compare(only, answer),
        (Answer.Value or Answer.Assigned or Answer.Sequence { Open: '(' }, Answer.Sequence { IsSet: true, Items: [var only] }) => Compare(gold, only),
        (Answer.Assigned a, _) when Named(a, answer) is { } value => Compare(value, answer),
        (_, Answer.Assigned b) when Named(b, gold) is { } value => Compare(gold, value),
        (Answer.Family a, Answer.Family b) => FamiliesAreSame(a, b),
        (Answer.Family a, _) => Compare(a.Members is [var one] ? one : Answer.Sequence.BareOf(a.Members, Joiner.Comma), answer),
        (_, Answer.Family b) => Compare(gold, b.Members is [var one] ? one : Answer.Sequence.BareOf(b.Members, Joiner.Comma)),
        (Answer.Relation a, _) when Bare(a, isRight: true) is { } value => Compare(value, answer),
        (_, Answer.Relation b) when Bare(b, isRight: false) is { } value => Compare(gold, value),
        (Answer.Relation a, Answer.Sequence { IsBare: false, IsSet: false } or Answer.Union) when AsInterval(a) is { } interval => Compare(interval, answer),
        (Answer.Sequence { IsBare: false, IsSet: false } or Answer.Union, Answer.Relation b) when AsInterval(b) is { } interval => Compare(gold, interval),
        (Answer.Sequence a, Answer.Sequence b) => Sequences(a, b),
        (Answer.Union a, Answer.Union b) => Unordered(a.Parts, b.Parts),
        (Answer.Union a, Answer.Sequence { IsBare: true } b) when b.Items.All(item => item is Answer.Relation) => Unordered(a.Parts, b.Items),
        (Answer.Sequence { IsBare: true } a, Answer.Union b) when a.Items.All(item => item is Answer.Relation) => Unordered(a.Items, b.Parts),
        (Answer.SetOperation a, Answer.SetOperation b) when a.Sign == b.Sign => Ordered([a.Left, a.Right], [b.Left, b.Right]),
        (Answer.NamedSet a, Answer.NamedSet b) => a == b ? AnswerComparison.Equal("the same set") : AnswerComparison.Different("another set"),
        (Answer.Builder a, Answer.Builder b) =>
            Compare(a.Element, b.Element) is { Outcome: not AnswerOutcome.Equal } unequal ? unequal : Unordered(a.Conditions, b.Conditions),
        (Answer.Matrix a, Answer.Matrix b) => Matrices(a, b),
        (Answer.Matrix a, Answer.Sequence b) when ProgramForms.Matrix(b) is { } matrix => Matrices(a, matrix),
        (Answer.Sequence a, Answer.Matrix b) when ProgramForms.Matrix(a) is { } matrix => Matrices(matrix, b),
        (Answer.Cases a, Answer.Cases b) => Cases(a, b),
        (Answer.Congruence a, Answer.Congruence b) => Congruences(a, b),
        (Answer.Congruence { Left: null } a, Answer.Value) => Compare(Answer.Value.Of(a.Right), answer),
        (Answer.Value, Answer.Congruence b) => Compare(gold, Answer.Value.Of(b.Right)),
        (Answer.Sequence { IsRatio: true, Items: [Answer.Value top, Answer.Value bottom] }, Answer.Value b) => Values(Quotient(top, bottom), b),
        (Answer.Value a, Answer.Sequence { IsRatio: true, Items: [Answer.Value top, Answer.Value bottom] }) => Values(a, Quotient(top, bottom)),
        (_, Answer.Sequence { IsBare: true, Joiner: Joiner.Or } b) when gold is not Answer.Sequence && SayTheSame(b) => Compare(gold, b.Items[0]),
        (Answer.Words a, Answer.Sequence { IsBare: true } b) when Letters(b) is { } letters => Compare(a, letters),
        (Answer.Sequence { IsBare: true } a, Answer.Words b) when Letters(a) is { } letters => Compare(letters, b),
        _ => AnswerComparison.Different($"{Kind(answer)}, not {Kind(gold)}"),
    };

    private bool AreEqual(Answer gold, Answer answer) => Compare(gold, answer).Outcome == AnswerOutcome.Equal;

    private static AnswerComparison Either(AnswerComparison first, Func<AnswerComparison> second) =>
        first.Outcome == AnswerOutcome.Equal || second() is not { Outcome: AnswerOutcome.Equal } equal ? first : equal;

    /// <summary>What an answer gives a name, for a comparison with one without that name; null where the two say different things.</summary>
    private Answer? Named(Answer.Assigned named, Answer other)
    {
        if (!named.IsMember && !rules.BareEquations) return null;
        // A point is no interval, and x = 1, z = 2 is no (x, y) = (1, 2).
        if (!named.IsMember && named.Of is Answer.Sequence { Open: '(' } && RealSets.IsSet(other) && other is not Answer.Sequence { IsSet: true }) return null;
        if (named.Names.Count < 2 || other is not Answer.Sequence { IsBare: true } list) return named.Of;
        var names = list.Items.Select(item => item is Answer.Relation { IsEquation: true } relation ? Quantities.NameOf(relation) : null).ToList();
        if (names.Contains(null)) return named.Of;
        return names.Order(StringComparer.Ordinal).SequenceEqual(named.Names.Order(StringComparer.Ordinal)) && named.Of is Answer.Sequence values
            && values.Items.Count == names.Count ? Sorted(named.Names, values) : null;
    }

    private AnswerComparison Values(Answer.Value gold, Answer.Value answer)
    {
        // 5% is no 5 m, and 60° no 60 km.
        var (measure, other) = (MeasureOf(gold), MeasureOf(answer));
        if (measure != other && measure != "" && other != "" && (measure is "%" or "°" || other is "%" or "°"))
            return AnswerComparison.Different($"in {other}, not {measure}");
        if (gold.Unit != answer.Unit && (rules.Units || (gold.Unit != "" && answer.Unit != "")))
        {
            var different = AnswerComparison.Different(
                answer.Unit == "" ? $"without the unit {gold.Unit}" : $"in {answer.Unit}" + (gold.Unit == "" ? "" : $", not {gold.Unit}"));
            // 1 m is 100 cm.
            if (Units.Ratio(answer.Unit, gold.Unit) is not { } ratio) return different;
            var converted = ExpressionMatcher.Compare(gold.Expression, new Expression.Product([answer.Expression, ratio]), rules.RelativeTolerance);
            return converted.Outcome == AnswerOutcome.Equal ? converted : different;
        }
        var (a, b) = (gold.Expression, answer.Expression);
        if (gold.IsPercent == answer.IsPercent || rules.Percent == PercentRule.Number)
            return ExpressionMatcher.Compare(a, b, rules.RelativeTolerance);
        var ratioOfHundred = gold.IsPercent
            ? ExpressionMatcher.Compare(Hundredth(a), b, rules.RelativeTolerance)
            : ExpressionMatcher.Compare(a, Hundredth(b), rules.RelativeTolerance);
        return rules.Percent == PercentRule.Ratio || ratioOfHundred.Outcome == AnswerOutcome.Equal
            ? ratioOfHundred : ExpressionMatcher.Compare(a, b, rules.RelativeTolerance);
    }

    /// <summary>A value's unit, with percent and degrees as such; empty where it has none.</summary>
    private static string MeasureOf(Answer.Value value) => value switch
    {
        { IsPercent: true } => "%",
        { Unit: "degree" } => "°",
        { Unit: "", Expression: Expression.Call angle } when Degrees.AreIn(angle) => "°",
        { Unit: "radian" } => "",
        _ => value.Unit,
    };

    private static Expression Hundredth(Expression value) => value.Over(Expression.Integer(100));

    private static Answer.Value Quotient(Answer.Value top, Answer.Value bottom) => Answer.Value.Of(top.Expression.Over(bottom.Expression));

    private AnswerComparison Sequences(Answer.Sequence gold, Answer.Sequence answer)
    {
        var (a, b) = (gold.Items, answer.Items);
        if (gold.IsSet && answer.IsSet) return Sets(a, b);
        if (gold.IsBare && answer.IsBare && AreRelations(a) && AreRelations(b) && gold.Joiner != Joiner.Or && answer.Joiner != Joiner.Or
            && RelationMatcher.Compare(a.Cast<Answer.Relation>(), b.Cast<Answer.Relation>()) is { Outcome: AnswerOutcome.Equal } equal) return equal;
        if (a.Count != b.Count) return AnswerComparison.Different($"{b.Count} parts, not {a.Count}");
        if (gold.IsRatio != answer.IsRatio) return AnswerComparison.Different($"{Kind(answer)}, not {Kind(gold)}");
        if (gold.IsBare || answer.IsBare)
        {
            // Without brackets on one side, the brackets of the other say whether order matters.
            var brackets = gold.IsBare ? answer : gold;
            if (WhyNoList(brackets, gold.IsBare ? gold : answer, isRight: !gold.IsBare) is { } reason) return AnswerComparison.Different(reason);
            if (brackets.Open == '(') (a, b) = (ByName(a), ByName(b));
            return brackets.IsSet || (brackets.IsBare && !rules.ListOrder) ? Unordered(a, b) : Ordered(a, b);
        }
        return (gold.Open, gold.Close) == (answer.Open, answer.Close)
            ? Ordered(a, b)
            : AnswerComparison.Different($"brackets {answer.Open} {answer.Close}, not {gold.Open} {gold.Close}");
    }

    /// <summary>Why a list without brackets cannot say the same as one with them; null where it can.</summary>
    /// <param name="brackets">The one in brackets.</param>
    /// <param name="list">The one without.</param>
    /// <param name="isRight">Whether the one in brackets is the right answer.</param>
    private static string? WhyNoList(Answer.Sequence brackets, Answer.Sequence list, bool isRight)
    {
        // An interval is no list of its ends; but [1, 2] is how programs print a list.
        if (RealSets.IsSet(brackets) && !brackets.IsSet && (isRight || brackets.Open != '[' || brackets.Close != ']'))
            return isRight ? "several values, not an interval" : "an interval, not several values";
        if (brackets.Open == '(' && list.Joiner == Joiner.Or) return "one of several values, not a tuple";
        var names = list.Items.OfType<Answer.Relation>().Select(Quantities.NameOf).Distinct().Count();
        return brackets.IsSet && names > 1 && list.Items.Count == names ? "values of several names, not a set" : null;
    }

    private static bool AreRelations(IReadOnlyList<Answer> items) => items.All(item => item is Answer.Relation);

    /// <summary>y = 2, x = 1 as x = 1, y = 2, to be compared with (1, 2); other lists as they are.</summary>
    private static IReadOnlyList<Answer> ByName(IReadOnlyList<Answer> items) =>
        items.All(item => item is Answer.Relation { IsEquation: true } relation && Quantities.NameOf(relation) is not null)
            ? [.. items.OrderBy(item => Quantities.NameOf((Answer.Relation)item), StringComparer.Ordinal)] : items;

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
            var match = left.FindIndex(candidate => AreEqual(candidate, item));
            if (match < 0) return AnswerComparison.Different($"part {i + 1} is none of those expected");
            left.RemoveAt(match);
        }
        return AnswerComparison.Equal("every part is equal, in some order");
    }

    /// <summary>In a set an element counts once, however often it is written.</summary>
    private AnswerComparison Sets(IReadOnlyList<Answer> gold, IReadOnlyList<Answer> answer)
    {
        if (gold.Count == answer.Count && Unordered(gold, answer) is { Outcome: not AnswerOutcome.Different } decided) return decided;
        if (Math.Max(gold.Count, answer.Count) > MostItems) return AnswerComparison.Undecided($"over {MostItems} parts are not compared without order");
        foreach (var (i, item) in answer.Index())
        {
            if (!gold.Any(other => AreEqual(other, item))) return AnswerComparison.Different($"part {i + 1} is none of those expected");
        }
        return gold.All(item => answer.Any(other => AreEqual(item, other)))
            ? AnswerComparison.Equal("the same elements") : AnswerComparison.Different($"{answer.Count} parts, not {gold.Count}");
    }

    private AnswerComparison Matrices(Answer.Matrix gold, Answer.Matrix answer) =>
        gold.Rows.Select(row => row.Count).SequenceEqual(answer.Rows.Select(row => row.Count))
            ? Ordered([.. gold.Rows.SelectMany(row => row)], [.. answer.Rows.SelectMany(row => row)])
            : AnswerComparison.Different("a matrix of another size");

    private AnswerComparison Cases(Answer.Cases gold, Answer.Cases answer)
    {
        if (gold.Rows.Count != answer.Rows.Count) return AnswerComparison.Different($"{answer.Rows.Count} cases, not {gold.Rows.Count}");
        var left = gold.Rows.ToList();
        foreach (var (i, (value, condition)) in answer.Rows.Index())
        {
            // "Otherwise" is what the other conditions leave: with those equal, it is equal to any condition.
            var match = left.FindIndex(row => AreEqual(row.Value, value)
                && (row.Condition is null || condition is null || AreEqual(row.Condition, condition)));
            if (match < 0) return AnswerComparison.Different($"case {i + 1} is none of those expected");
            left.RemoveAt(match);
        }
        return AnswerComparison.Equal("every case is equal");
    }

    private static AnswerComparison Congruences(Answer.Congruence gold, Answer.Congruence answer)
    {
        var isSame = ExpressionMatcher.AreEqual(gold.Modulus, answer.Modulus)
            && (gold.Left is null || answer.Left is null || ExpressionMatcher.AreEqual(gold.Left, answer.Left))
            && ExpressionMatcher.AreEqual(new Expression.Call("mod", [gold.Right, gold.Modulus]), new Expression.Call("mod", [answer.Right, answer.Modulus]));
        return isSame ? AnswerComparison.Equal("the same remainder") : AnswerComparison.Different("another remainder or modulus");
    }

    /// <summary>The same names, in whatever order, with the same values.</summary>
    private AnswerComparison Assignments(Answer.Assigned gold, Answer.Assigned answer)
    {
        if (gold.Names.SequenceEqual(answer.Names)) return Compare(gold.Of, answer.Of);
        var areSame = gold.Names.Count > 1 && gold.Names.Order(StringComparer.Ordinal).SequenceEqual(answer.Names.Order(StringComparer.Ordinal));
        if (!areSame) return AnswerComparison.Different("other names");
        return (gold.Of, answer.Of) is (Answer.Sequence a, Answer.Sequence b) && a.Items.Count == gold.Names.Count && b.Items.Count == gold.Names.Count
            ? Compare(Sorted(gold.Names, a), Sorted(answer.Names, b)) : AnswerComparison.Different("names in another order");
    }

    private static Answer.Sequence Sorted(IReadOnlyList<string> names, Answer.Sequence values) =>
        values with { Items = [.. names.Zip(values.Items).OrderBy(pair => pair.First, StringComparer.Ordinal).Select(pair => pair.Second)] };

    private AnswerComparison FamiliesAreSame(Answer.Family gold, Answer.Family answer)
    {
        if (gold.Domain != answer.Domain) return AnswerComparison.Different($"a parameter in {answer.Domain}, not {gold.Domain}");
        var (a, b) = (Families.Renamed(gold), Families.Renamed(answer));
        if (a.Count != b.Count) return AnswerComparison.Different($"{b.Count} parts, not {a.Count}");
        var left = a.ToList();
        foreach (var (i, item) in b.Index())
        {
            var match = left.FindIndex(candidate =>
                (gold.Domain == Answer.NamedSet.Integers && Families.AreSame(candidate, item)) || AreEqual(candidate, item));
            if (match < 0) return AnswerComparison.Different($"part {i + 1} is none of those expected");
            left.RemoveAt(match);
        }
        return AnswerComparison.Equal("the same family of numbers");
    }

    /// <summary>What a set with a condition is without one.</summary>
    private static Answer? Plain(Answer.Builder builder) => RealSets.WholeNumbers(builder) ?? (Answer?)Families.Of(builder);

    /// <summary>Two equations that name the same on their left: x = 5 and t = 5 are different, x = 5 and x = 10/2 are the same.</summary>
    private AnswerComparison Solved(Answer.Relation gold, Answer.Relation answer) =>
        gold.IsEquation && answer.IsEquation && Quantities.SameName(gold, answer) is var (right, value)
            ? Values(right, value) : RelationMatcher.Compare(gold, answer);

    private Answer? Bare(Answer.Relation relation, bool isRight) => rules.BareEquations ? Quantities.Of(relation, isRight) : null;

    private Answer.Sequence? AsInterval(Answer.Relation relation) => rules.InequalityIsInterval ? RelationMatcher.Interval(relation) : null;

    private bool AreSameSet(Answer gold, Answer answer)
    {
        if (!(RealSets.IsSet(gold) || RealSets.IsSet(answer)) || (!rules.InequalityIsInterval && HoldsRelation(gold) != HoldsRelation(answer))) return false;
        // A value is no set of one, nor is a list a set, except beside braces or inequalities that say so.
        if (gold is Answer.Value { Expression: not Expression.Symbol } || answer is Answer.Value { Expression: not Expression.Symbol }) return false;
        var (a, b) = (RealSets.Of(gold), RealSets.Of(answer));
        return a.Set is not null && b.Set is not null && (a.Variable is null || b.Variable is null || a.Variable == b.Variable) && a.Set.SameAs(b.Set);
    }

    private static bool HoldsRelation(Answer answer) => answer is Answer.Relation
        || (answer is Answer.Sequence sequence && sequence.Items.Any(item => item is Answer.Relation));

    /// <summary>A, B, D as the letters ABD, as several choices are written; null for other lists.</summary>
    private static Answer.Words? Letters(Answer.Sequence list) =>
        list.Joiner != Joiner.Or && list.Items.All(item => item is Answer.Value { Unit: "", Expression: Expression.Symbol { Name: [>= 'A' and <= 'J'] } })
            ? new(string.Concat(list.Items.Select(item => ((Expression.Symbol)((Answer.Value)item).Expression).Name)).ToLowerInvariant()) : null;

    /// <summary>0.5 or 1/2.</summary>
    private bool SayTheSame(Answer.Sequence list) => list.Items.Skip(1).All(item => AreEqual(list.Items[0], item));

    private static string Kind(Answer answer) => answer switch
    {
        Answer.Value or Answer.Rounded => "a value",
        Answer.Words => "words",
        Answer.Relation or Answer.Congruence => "an equation or inequality",
        Answer.Sequence { IsSet: true } or Answer.SetOperation or Answer.NamedSet or Answer.Builder => "a set",
        Answer.Sequence { IsRatio: true } => "a ratio",
        Answer.Sequence or Answer.Family => "several values",
        Answer.Union => "a union",
        Answer.Cases => "values by cases",
        Answer.Assigned => "a name with its value",
        _ => "a matrix",
    };
}
