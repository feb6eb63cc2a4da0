using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>Makes one answer of the items of a list: x ≠ 1, 2 says x ≠ 1 and x ≠ 2; kπ, k ∈ ℤ is a family.</summary>
internal static class Gathering
{
    public static Answer Of(IReadOnlyList<Answer> items, Joiner joiner)
    {
        if (joiner == Joiner.And && Measured(items) is { } measure) return measure;
        var spread = Spread(Shared(items));
        foreach (var parameter in spread.OfType<Answer.Assigned>())
        {
            if (parameter is not { IsMember: true, Names: [var name], Of: Answer.NamedSet { Name: var domain } }) continue;
            var members = spread.Where(item => !ReferenceEquals(item, parameter)).ToList();
            var isBounded = members.Any(member => member is Answer.Relation { IsEquation: false } && Mentions(member, name)); // x > 2, x ∈ ℝ
            if (!isBounded && members.Any(member => Mentions(member, name))) return new Answer.Family(members, name, domain);
        }
        return spread is [var only] ? only : Answer.Sequence.BareOf(spread, joiner);
    }

    /// <summary>A ∩ B = {1, 2} names what is on its right; other answers stay.</summary>
    public static Answer NamedOperation(Answer joined, Func<string> name)
    {
        var last = joined switch { Answer.Union union => union.Parts[^1], Answer.SetOperation operation => operation.Right, _ => null };
        return last is Answer.Assigned { IsMember: false } named ? named with { Names = [name()] } : joined;
    }

    /// <summary>The items of a list without brackets; another answer alone.</summary>
    public static IReadOnlyList<Answer> Items(Answer list) => list is Answer.Sequence { IsBare: true } sequence ? sequence.Items : [list];

    /// <summary>A set as it is, or the set of what was listed.</summary>
    public static Answer Set(Answer list) => list is Answer.Sequence { IsSet: true } ? list : new Answer.Sequence('{', '}', Items(list));

    /// <summary>5 hours and 30 minutes; null for other lists.</summary>
    private static Answer.Value? Measured(IReadOnlyList<Answer> items)
    {
        if (items is not [Answer.Value { IsPercent: false } first, Answer.Value { IsPercent: false } second] || first.Unit == second.Unit) return null;
        return Units.Ratio(second.Unit, first.Unit) is { } ratio
            ? first with { Expression = new Expression.Sum([first.Expression, new Expression.Product([second.Expression, ratio])]) } : null;
    }

    /// <summary>x, y > 0 says x > 0 and y > 0.</summary>
    private static IReadOnlyList<Answer> Shared(IReadOnlyList<Answer> items)
    {
        if (items is not [.., Answer.Relation { IsEquation: false, Sides: [Expression.Symbol, _] } last] || items.Count < 2) return items;
        var names = items.SkipLast(1).Select(item => (item as Answer.Value)?.Expression).ToList();
        return names.All(name => name is Expression.Symbol { IsConstant: false })
            ? [.. names.Select(name => last with { Sides = [name!, last.Sides[1]] }), last] : items;
    }

    private static IReadOnlyList<Answer> Spread(IReadOnlyList<Answer> items)
    {
        if (!items.Any(item => item is Answer.Relation { Signs: ["≠"] })) return items;
        var spread = new List<Answer>();
        Answer.Relation? unequal = null;
        foreach (var item in items)
        {
            unequal = item is Answer.Relation { Signs: ["≠"] } relation ? relation : item is Answer.Value { Expression.IsConstant: true } ? unequal : null;
            spread.Add(item is Answer.Value value && unequal is not null ? unequal with { Sides = [unequal.Sides[0], value.Expression], Last = value } : item);
        }
        return spread;
    }

    public static bool Mentions(Answer answer, string name) => answer switch
    {
        Answer.Value value => value.Expression.Variables().Contains(name),
        Answer.Relation relation => relation.Sides.Any(side => side.Variables().Contains(name)),
        Answer.Sequence sequence => sequence.Items.Any(item => Mentions(item, name)),
        Answer.Union union => union.Parts.Any(part => Mentions(part, name)),
        Answer.Assigned assigned => Mentions(assigned.Of, name),
        Answer.Rounded rounded => Mentions(rounded.Exact, name),
        _ => false,
    };
}
