using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>Answers with a parameter that runs through the whole numbers: π/2 + kπ and −π/2 + nπ are the same, as their steps and one member are.</summary>
internal static class Families
{
    /// <summary>What every parameter is called when two families are compared.</summary>
    private const string Parameter = "k∈ℤ";

    private static readonly Expression Whole = new Expression.Symbol(Parameter);

    /// <summary>{2k | k ∈ ℤ} and {x | x = 2k, k ∈ ℤ} as families; null for other sets.</summary>
    public static Answer.Family? Of(Answer.Builder builder)
    {
        var parameter = builder.Conditions.OfType<Answer.Assigned>().FirstOrDefault(one => one is { IsMember: true, Names: [_], Of: Answer.NamedSet });
        var conditions = builder.Conditions;
        if (parameter is null && conditions is [Answer.Family family]) return Named(builder.Element, family);
        if (parameter is null) return null;
        var name = parameter.Names[0];
        var others = conditions.Where(one => !ReferenceEquals(one, parameter)).ToList();
        var domain = ((Answer.NamedSet)parameter.Of).Name;
        if (others.Count == 0 && Reading.Gathering.Mentions(builder.Element, name)) return new([builder.Element], name, domain);
        return Named(builder.Element, new(others, name, domain));
    }

    private static Answer.Family? Named(Answer element, Answer.Family family) =>
        element is Answer.Value { Expression: Expression.Symbol symbol } && family.Members.All(member =>
            member is Answer.Relation { IsEquation: true, Sides: [Expression.Symbol left, _] } && left == symbol)
            ? family with { Members = [.. family.Members.Select(member => ((Answer.Relation)member).Last)] } : null;

    /// <summary>The members with another parameter.</summary>
    public static IReadOnlyList<Answer> Renamed(Answer.Family family) => [.. family.Members.Select(member => Renamed(member, family.Parameter))];

    private static Answer Renamed(Answer answer, string name)
    {
        Expression Renamed(Expression expression) => expression.Replaced(part => part is Expression.Symbol symbol && symbol.Name == name ? Whole : null);
        return answer switch
        {
            Answer.Value value => value with { Expression = Renamed(value.Expression) },
            Answer.Relation relation => relation with
            {
                Sides = [.. relation.Sides.Select(Renamed)],
                Last = relation.Last with { Expression = Renamed(relation.Last.Expression) },
            },
            Answer.Sequence sequence => sequence with { Items = [.. sequence.Items.Select(item => Families.Renamed(item, name))] },
            Answer.Union union => new Answer.Union([.. union.Parts.Select(part => Families.Renamed(part, name))]),
            _ => answer,
        };
    }

    /// <summary>Whether two members run through the same numbers: a + bk and c + dk with b = ±d and a − c a multiple of b.</summary>
    public static bool AreSame(Answer one, Answer other)
    {
        if (Expression(one) is not { } a || Expression(other) is not { } b) return false;
        if (Linear.Of(a, Parameter) is not var (start, step) || Linear.Of(b, Parameter) is not var (origin, stride)) return false;
        if (!ExpressionMatcher.AreEqual(step, stride) && !ExpressionMatcher.AreEqual(step, stride.Negated())) return false;
        var shift = start.Minus(origin).Over(step);
        var size = Valuation.OfConstant(shift);
        return size.Imaginary == 0 && Math.Abs(size.Real) < 1e6 && ExpressionMatcher.AreEqual(shift, Values.Expression.Integer((int)Math.Round(size.Real)));
    }

    private static Expression? Expression(Answer member) => member switch
    {
        Answer.Value { IsPercent: false } value => Degrees.Dropped(value.Expression),
        Answer.Relation { IsEquation: true, Sides: [Values.Expression.Symbol, var right] } => Degrees.Dropped(right),
        _ => null,
    };
}
