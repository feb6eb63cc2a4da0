using FlowRL.Verifiers.Mathematics.Reading;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>
/// The value that an equation gives to what stands on its left: 5 of x = 5, 7 of f(2) = 7, 3/7 of AX/XB = 3/7, 60 of ∠ABC = 60°. An equation that is
/// to be solved, such as x² = 4 or 2x + 1 = 0, gives none.
/// </summary>
internal static class Quantities
{
    /// <summary>The value; null where the equation is an answer of its own.</summary>
    /// <param name="relation">A relation of any kind.</param>
    /// <param name="isRight">
    /// Whether the equation is the right answer. Then x + y = 5 can be a line that is asked for; in a prediction it says that x + y is 5, as a + b = 5
    /// does in both.
    /// </param>
    public static Answer? Of(Answer.Relation relation, bool isRight)
    {
        if (!relation.IsEquation) return null;
        var (left, last) = (relation.Sides[0], relation.Last);
        if (relation.Sides.All(side => side.IsConstant)) return Computed(relation);
        var isValue = NameOf(relation) is not null
            || (last.Expression.IsConstant && (IsQuantity(left) || (IsOfSeveral(left, last.Expression) && !(isRight && left.Variables().Any(IsUnknown)))));
        return isValue && AgreeAfterFirst(relation) ? last : null;
    }

    /// <summary>x of x = 5, f(x) of f(x) = x + 1; null where the left side is more than a name.</summary>
    public static string? NameOf(Answer.Relation relation) => relation.Sides[0] switch
    {
        Expression.Symbol { IsConstant: false } symbol => symbol.Name,
        Expression.Product { Factors: [Expression.Symbol { IsConstant: false } function, Expression.Symbol { IsConstant: false } argument] } product
            when IsQuantity(product) || relation.Sides[^1].Variables().Contains(argument.Name) => $"{function.Name}({argument.Name})",
        Expression.Product { Factors: [var top, Expression.Power { Base: var bottom }] }
            when Differential(top) is { } of && Differential(bottom) is { } by => $"{of}/{by}",
        _ => null,
    };

    /// <summary>
    /// The values of two equations that name the same on their left: x = 2 and x_1 = 2 do, so do f(x) = x² and f(t) = t², of which the second is given in
    /// x. Null where the names are different.
    /// </summary>
    public static (Answer.Value Gold, Answer.Value Answer)? SameName(Answer.Relation gold, Answer.Relation answer)
    {
        if (NameOf(gold) is not { } a || NameOf(answer) is not { } b) return null;
        if (a == b || a == WithoutIndex(b) || b == WithoutIndex(a)) return (gold.Last, answer.Last);
        if (Argument(a) is not var (function, x) || Argument(b) is not var (other, t) || function != other) return null;
        var renamed = answer.Last.Expression.Replaced(part => part is Expression.Symbol symbol && symbol.Name == t ? new Expression.Symbol(x) : null);
        return (gold.Last, answer.Last with { Expression = renamed });
    }

    /// <summary>dy, the product of d and a name; null for others.</summary>
    private static string? Differential(Expression expression) =>
        expression is Expression.Product { Factors: [Expression.Symbol { Name: "d" }, Expression.Symbol name] } ? $"d{name.Name}" : null;

    private static string WithoutIndex(string name)
    {
        var at = name.IndexOf('_', StringComparison.Ordinal);
        return at > 0 && name.AsSpan(at + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? name[..at] : name;
    }

    /// <summary>f and x of f(x); null for other names.</summary>
    private static (string Function, string Argument)? Argument(string name)
    {
        var open = name.IndexOf('(', StringComparison.Ordinal);
        return open > 0 && name.Length == open + 3 && char.IsAsciiLetterLower(name[open + 1]) ? (name[..open], name.Substring(open + 1, 1)) : null;
    }

    /// <summary>x = y = z = 0 as (x, y, z) = (0, 0, 0); null for other relations.</summary>
    public static Answer.Assigned? Together(Answer.Relation relation)
    {
        var names = relation.Sides.SkipLast(1).Select(side => (side as Expression.Symbol)?.Name).ToList();
        if (!relation.IsEquation || !relation.Last.Expression.IsConstant || names.Count < 2 || names.Contains(null)) return null;
        return new([.. names.OfType<string>()], new Answer.Sequence('(', ')', [.. names.Select(_ => relation.Last)]), IsMember: false);
    }

    /// <summary>2 + 3 = 5, whose sides agree; a last side may be the decimal of the first.</summary>
    private static Answer? Computed(Answer.Relation relation)
    {
        var (first, last) = (relation.Sides[0], relation.Last);
        if (relation.Sides.Skip(1).All(side => ExpressionMatcher.AreEqual(side, first))) return last;
        var isPercent = last.IsPercent && ExpressionMatcher.AreEqual(first, last.Expression.Over(Expression.Integer(100)));
        if (isPercent && relation.Sides.Count == 2) return last;
        var isRounded = relation.Sides.SkipLast(1).All(side => ExpressionMatcher.AreEqual(side, first)) && last.Expression is Expression.Number number
            && Rounding.Places(number.Value) >= 2 && Rounding.IsOf(first, last.Expression);
        return isRounded ? new Answer.Rounded(last with { Expression = first }, last) : null;
    }

    /// <summary>Whether what follows the name is the same throughout: x = 2 + 3 = 5.</summary>
    private static bool AgreeAfterFirst(Answer.Relation relation)
    {
        var values = relation.Sides.Skip(1).Where(side => side.IsConstant).ToList();
        return values.Count < 2 || !relation.Last.Expression.IsConstant || relation.Last.IsPercent
            || values.All(side => ExpressionMatcher.AreEqual(side, values[^1]));
    }

    /// <summary>Lengths, angles and areas named by points, function values, absolute values of these, and what is computed of them.</summary>
    private static bool IsQuantity(Expression expression) => expression switch
    {
        Expression.Number => true,
        Expression.Symbol symbol => IsOfPoints(symbol.Name) || symbol.IsConstant,
        Expression.Call { Function: "abs", Arguments: [Expression.Symbol { Name: "z" }] } => true, // complex
        Expression.Call { Function: "abs" } or Expression.Call { Function: "sin" or "cos" or "tan" or "cot" } => !expression.Variables().Any(IsUnknown),
        Expression.Call call => call.Arguments.All(IsQuantity),
        Expression.Power power => power.Exponent is Expression.Number && IsQuantity(power.Base),
        _ => expression.Parts.All(IsQuantity),
    };

    private static bool IsOfPoints(string name) =>
        char.IsAsciiLetterUpper(name[0]) || name[0] is '∠' or '△' || name.StartsWith("bar ", StringComparison.Ordinal)
        || name.Contains('(', StringComparison.Ordinal) || (name.Contains('_', StringComparison.Ordinal) && !IsUnknown(name))
        || (name.Length > 3 && !Notation.GreekLetters.Values.Contains(name));

    /// <summary>Letters that are solved for.</summary>
    private static bool IsUnknown(string name) => name is "x" or "y" or "z" or "t";

    /// <summary>
    /// Several names put together to a number that is not zero: a² + b², and of names that can be solved for x + y, x − y and xy, for x² + y² = 1 is a
    /// circle and 2x + y = 1 a line.
    /// </summary>
    private static bool IsOfSeveral(Expression left, Expression value) =>
        left.Variables().Distinct().Count() >= 2 && !(Valuation.ExactOfConstant(value) is { IsZero: true })
        && (!left.Variables().Any(IsUnknown) || IsPlain(left));

    private static bool IsPlain(Expression left) => left switch
    {
        Expression.Sum sum => sum.Terms.All(IsName),
        Expression.Product { Factors: [var top, Expression.Power { Base: var bottom, Exponent: Expression.Number }] } => IsName(top) && IsName(bottom),
        Expression.Product product => product.Factors.All(IsName),
        _ => false,
    };

    private static bool IsName(Expression expression) => expression is Expression.Symbol { IsConstant: false }
        || (expression is Expression.Product { Factors: [Expression.Number { Value: var minus }, Expression.Symbol { IsConstant: false }] }
            && minus == (Rational)(-1));
}
