using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>Reads answers as sets of real numbers: intervals, sets, inequalities in one variable, and what is made of these.</summary>
internal static class RealSets
{
    private const int MostWhole = 100;

    /// <summary>Whether an answer is a set of numbers for certain; (1, 2) alone can be a point.</summary>
    public static bool IsSet(Answer answer) => answer switch
    {
        Answer.Union or Answer.SetOperation or Answer.NamedSet or Answer.Builder => true,
        Answer.Relation relation => !relation.IsEquation,
        Answer.Assigned assigned => assigned.IsMember || IsSet(assigned.Of),
        Answer.Sequence { IsSet: true } => true,
        Answer.Sequence { IsBare: true } list => list.Items.Any(item => item is Answer.Relation { IsEquation: false } or Answer.Assigned { IsMember: true }),
        Answer.Sequence { Open: '[' or '(' } sequence => (sequence.Open, sequence.Close) is not ('(', ')') && sequence.Items.Count == 2,
        _ => false,
    };

    /// <summary>The set; null where it is none, or its ends are not known. Also the variable that is to lie in it, null where none is named.</summary>
    public static (RealSet? Set, string? Variable) Of(Answer answer) => answer switch
    {
        Answer.NamedSet { Name: "ℝ" } => (RealSet.All, null),
        Answer.NamedSet { Name: "ℝ+" or "ℝ-" } half => (HalfLine(half.Name[^1] == '+'), null),
        Answer.Value { Expression: Expression.Symbol { Name: "R" } } => (RealSet.All, null),
        Answer.Value { Unit: "", IsPercent: false, Expression: { IsConstant: true } value } => (RealSet.Point(value), null),
        Answer.Sequence { IsSet: true } points => (Points(points.Items), null),
        Answer.Sequence { Open: '(' or '[', Items: [Answer.Value low, Answer.Value high] } interval =>
            (RealSet.Between(low.Expression, interval.Open == '[', high.Expression, interval.Close == ']'), null),
        Answer.Union union => Combined(union.Parts, (a, b) => a.Union(b)),
        Answer.SetOperation { Sign: "∩" } both => Combined([both.Left, both.Right], (a, b) => a.Intersect(b)),
        Answer.SetOperation { Sign: "∖" } without => Combined([without.Left, without.Right], (a, b) => a.Intersect(b.Complement())),
        Answer.Assigned { IsMember: false, Of: Answer.Sequence { Open: '(' } } => (null, null), // a point
        Answer.Assigned { Names: [var name] } assigned when Of(assigned.Of).Set is { } set => (set, assigned.IsMember ? name : null),
        Answer.Relation relation => Solved(relation),
        Answer.Sequence { IsBare: true } list => List(list),
        Answer.Builder builder => Built(builder),
        _ => (null, null),
    };

    /// <summary>The whole numbers that a condition leaves: {x ∈ ℤ | 1 ≤ x ≤ 3}. Null where they are not few, or not meant.</summary>
    public static Answer.Sequence? WholeNumbers(Answer.Builder builder)
    {
        var conditions = Conditions(builder);
        if (conditions is null || conditions.FirstOrDefault(IsWhole) is not { } whole || conditions.Count < 2) return null;
        var others = conditions.Where(one => !ReferenceEquals(one, whole)).Select(one => Of(one).Set).ToList();
        if (((Answer.NamedSet)((Answer.Assigned)whole).Of).Name == "ℤ+") others.Add(HalfLine(isPositive: true));
        RealSet? range = RealSet.All;
        foreach (var other in others) range = other is null ? null : range?.Intersect(other);
        return range?.WholeNumbers(MostWhole) is { } numbers
            ? new Answer.Sequence('{', '}', [.. numbers.Select(number => Answer.Value.Of(new Expression.Number(new Rational(number))))]) : null;
    }

    private static bool IsWhole(Answer condition) => condition is Answer.Assigned { IsMember: true, Of: Answer.NamedSet { Name: "ℤ" or "ℤ+" } };

    /// <summary>The conditions on the one variable of a set builder, that on its element first; null for other builders.</summary>
    private static IReadOnlyList<Answer>? Conditions(Answer.Builder builder) => builder.Element switch
    {
        Answer.Value { Expression: Expression.Symbol } => AllOf(builder.Condition),
        Answer.Assigned { IsMember: true, Names: [_] } => [builder.Element, .. AllOf(builder.Condition)],
        _ => null,
    };

    /// <summary>Conditions that hold together; those joined by "or" are one.</summary>
    private static IReadOnlyList<Answer> AllOf(Answer condition) =>
        condition is Answer.Sequence { IsBare: true, Joiner: not Joiner.Or } list ? list.Items : [condition];

    private static (RealSet? Set, string? Variable) Built(Answer.Builder builder)
    {
        if (Conditions(builder) is not { } conditions) return (null, null);
        var name = builder.Element is Answer.Value { Expression: Expression.Symbol symbol } ? symbol.Name : ((Answer.Assigned)builder.Element).Names[0];
        RealSet? set = RealSet.All;
        foreach (var condition in conditions)
        {
            var (part, variable) = Of(condition);
            if (part is null || variable != name) return (null, null);
            set = set?.Intersect(part);
        }
        // The variable of a builder is bound: any other letter would do.
        return (set, null);
    }

    private static RealSet HalfLine(bool isPositive)
    {
        var (zero, infinity) = (Expression.Integer(0), new Expression.Symbol(Expression.Infinity));
        return (isPositive ? RealSet.Between(zero, false, infinity, false) : RealSet.Between(infinity.Negated(), false, zero, false))!;
    }

    private static RealSet? Points(IReadOnlyList<Answer> items)
    {
        RealSet? set = RealSet.Empty;
        foreach (var item in items)
        {
            var point = item switch
            {
                Answer.Value { Unit: "", IsPercent: false, Expression: { IsConstant: true } value } => RealSet.Point(value),
                Answer.Relation { IsEquation: true, Sides: [Expression.Symbol, { IsConstant: true } value] } => RealSet.Point(value),
                _ => null,
            };
            set = point is null ? null : set?.Union(point);
        }
        return set;
    }

    private static (RealSet? Set, string? Variable) Combined(IReadOnlyList<Answer> parts, Func<RealSet, RealSet, RealSet?> join)
    {
        RealSet? joined = null;
        string? variable = null;
        foreach (var (i, part) in parts.Index())
        {
            var (set, name) = Of(part);
            if (set is null || (i > 0 && joined is null) || (variable is not null && name is not null && variable != name)) return (null, null);
            variable ??= name;
            joined = i == 0 ? set : join(joined!, set);
        }
        return (joined, variable);
    }

    /// <summary>Inequalities in a list: all hold, or one of them, where that cannot be or "or" says so.</summary>
    private static (RealSet? Set, string? Variable) List(Answer.Sequence list)
    {
        var parts = list.Items.Select(Of).ToList();
        if (parts.Any(part => part.Set is null || part.Variable is null || part.Variable != parts[0].Variable)) return (null, null);
        var (all, any) = ((RealSet?)RealSet.All, (RealSet?)RealSet.Empty);
        foreach (var (set, _) in parts) (all, any) = (all?.Intersect(set!), any?.Union(set!));
        return (list.Joiner == Joiner.Or || all is null or { IsEmpty: true } ? any : all, parts[0].Variable);
    }

    /// <summary>1 &lt; x ≤ 2 as (1, 2], x ≠ 3 as ℝ ∖ {3}; null where there are more variables, or the inequality is not linear.</summary>
    private static (RealSet? Set, string? Variable) Solved(Answer.Relation relation)
    {
        if (relation is { Signs: ["≠" or "="], Sides: [var left, var right] })
        {
            if (left.IsConstant) (left, right) = (right, left);
            if (left is not Expression.Symbol symbol || left.IsConstant || RealSet.Point(right) is not { } point) return (null, null);
            return (relation.IsEquation ? point : point.Complement(), symbol.Name);
        }
        if (relation.Sides.SelectMany(side => side.Variables()).Distinct().ToList() is not [var variable]) return (null, null);
        RealSet? all = RealSet.All;
        for (var i = 0; i < relation.Signs.Count && all is not null; i++)
            all = LinearInequality.Solved(relation.Sides[i], relation.Signs[i], relation.Sides[i + 1]) is { } part ? all.Intersect(part) : null;
        return (all, variable);
    }
}
