using System.Buffers;

namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>An expression as text, equal for those that differ only in the order of terms and factors and in brackets that change nothing.</summary>
internal static class CanonicalForm
{
    private static readonly SearchValues<char> Signs = SearchValues.Create("+-*/^,()[]");

    public static string Of(Expression expression) => expression switch
    {
        Expression.Number number => number.Value.ToString(),
        Expression.Symbol symbol => symbol.Name.AsSpan().ContainsAny(Signs) ? $"\"{symbol.Name}\"" : symbol.Name, // x_{n+1} is not x_n + 1
        Expression.Sum => $"({string.Join('+', Terms(expression).Order(StringComparer.Ordinal))})",
        Expression.Product => string.Join('*', Factors(expression, 1).Order(StringComparer.Ordinal)),
        Expression.Power power => $"{Bracketed(power.Base)}^{Bracketed(power.Exponent)}",
        Expression.Call call => $"{call.Function}({string.Join(',', call.Arguments.Select(Of))})",
        _ => throw new InvalidOperationException($"{expression.GetType()} has no canonical form."),
    };

    /// <summary>(2x)² is not 2x², nor (aᵇ)ᶜ the power aᵇᶜ.</summary>
    private static string Bracketed(Expression expression) => expression is Expression.Product or Expression.Power
        or Expression.Number { Value.IsInteger: false } or Expression.Number { Value.Sign: < 0 } ? $"[{Of(expression)}]" : Of(expression);

    private static IEnumerable<string> Terms(Expression expression) =>
        expression is Expression.Sum sum ? sum.Terms.SelectMany(Terms) : Negative(expression) is { } inner
        ? Terms(inner).Select(term => term.StartsWith('-') ? term[1..] : $"-{term}") : [Of(expression)];

    /// <summary>What is negated, of −1 times it; null for anything else.</summary>
    private static Expression? Negative(Expression expression) =>
        expression is Expression.Product { Factors: [Expression.Number { Value: { IsInteger: true } value }, var rest] } && value.Numerator == -1
            ? rest : null;

    private static IEnumerable<string> Factors(Expression expression, int sign) => expression switch
    {
        Expression.Product product => product.Factors.SelectMany(factor => Factors(factor, sign)),
        Expression.Power { Exponent: Expression.Number { Value: { IsInteger: true } value } } power when value.Numerator == -1 => Factors(power.Base, -sign),
        _ => [sign > 0 ? Of(expression) : $"1/{Of(expression)}"],
    };
}
