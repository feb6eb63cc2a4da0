using System.Numerics;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>The value of an expression where its variables have values.</summary>
/// <param name="variables">A value for each variable.</param>
internal sealed class Evaluation(IReadOnlyDictionary<string, Rational> variables)
{
    /// <summary>The exact value; null where it is not rational, not defined, or too long to be worth it.</summary>
    public Rational? Exact(Expression expression)
    {
        switch (expression)
        {
            case Expression.Number number: return number.Value;
            case Expression.Symbol symbol: return variables.TryGetValue(symbol.Name, out var value) ? value : null;
            case Expression.Sum sum: return Fold(sum.Terms, (Rational)0, Rational.Add);
            case Expression.Product product: return Fold(product.Factors, (Rational)1, Rational.Multiply);
            case Expression.Power power: return Exact(power.Exponent) is { } exponent && Exact(power.Base) is { } root ? Rational.Power(root, exponent) : null;
            case Expression.Call call:
                var arguments = new List<Rational>();
                foreach (var argument in call.Arguments)
                {
                    if (Exact(argument) is not { } exact) return null;
                    arguments.Add(exact);
                }
                return Functions.Exact(call.Function, arguments);
            default: throw new InvalidOperationException($"{expression.GetType()} has no value.");
        }
    }

    /// <summary>The value in complex double precision, and the largest magnitude on the way to it, which bounds its rounding.</summary>
    public (Complex Value, double Largest) Approximate(Expression expression)
    {
        var (value, largest) = Step(expression);
        return (value, Math.Max(largest, Complex.Abs(value)));
    }

    private (Complex Value, double Largest) Step(Expression expression)
    {
        if (expression is Expression.Number number) return (number.Value.ToDouble(), 0);
        if (expression is Expression.Symbol symbol)
            return (Constant(symbol.Name) ?? (variables.TryGetValue(symbol.Name, out var value) ? value.ToDouble() : Complex.NaN), 0);
        var parts = expression.Parts.Select(Approximate).ToList();
        var largest = parts.Max(part => part.Largest);
        return (expression switch
        {
            Expression.Sum => parts.Aggregate(Complex.Zero, (sum, part) => sum + part.Value),
            Expression.Product => parts.Aggregate(Complex.One, (product, part) => product * part.Value),
            Expression.Power => Power(parts[0].Value, parts[1].Value),
            Expression.Call { Function: "!" or "binom" or "gcd" } => Exact(expression)?.ToDouble() ?? Complex.NaN,
            Expression.Call call => Functions.Approximate(call.Function, [.. parts.Select(part => part.Value)]),
            _ => Complex.NaN,
        }, expression is Expression.Sum ? largest : 0);
    }

    private static Complex Power(Complex value, Complex exponent)
    {
        if (value == Complex.Zero) return exponent.Real > 0 ? Complex.Zero : Complex.NaN;
        // Small whole powers by multiplication: Complex.Pow goes through logarithms and loses digits.
        if (exponent is not { Imaginary: 0 } || exponent.Real != Math.Floor(exponent.Real) || Math.Abs(exponent.Real) > 64)
            return Complex.Pow(value, exponent);
        var product = Complex.One;
        for (var i = 0; i < Math.Abs(exponent.Real); i++) product *= value;
        return exponent.Real < 0 ? 1 / product : product;
    }

    private Rational? Fold(IReadOnlyList<Expression> parts, Rational start, Func<Rational, Rational, Rational?> fold)
    {
        Rational? result = start;
        foreach (var part in parts)
        {
            if (Exact(part) is not { } value) return null;
            result = fold(result.Value, value);
            if (result is null) return null;
        }
        return result;
    }

    private static Complex? Constant(string name) => name switch
    {
        Expression.Pi => Math.PI,
        Expression.Euler => Math.E,
        Expression.Imaginary => Complex.ImaginaryOne,
        Expression.Infinity => double.PositiveInfinity,
        _ => null,
    };
}

/// <summary>Values for variables, the same for the same name every time.</summary>
internal static class SamplePoint
{
    public static IReadOnlyDictionary<string, Rational> None { get; } = new Dictionary<string, Rational>();

    /// <summary>
    /// The <paramref name="index"/>th point: fractions of some hundred up to three, positive at even points and of either sign at odd ones, so that
    /// roots and logarithms have real points too.
    /// </summary>
    public static IReadOnlyDictionary<string, Rational> Of(IEnumerable<string> variables, int index) => variables.ToDictionary(name => name, name =>
    {
        var draw = Seeds.Derive(0, name, index);
        var negative = index % 2 == 1 && (draw & 1) == 1;
        var (top, bottom) = ((BigInteger)(101 + draw / 2 % 899), (BigInteger)(307 + draw / 2048 % 97));
        return Rational.Of(negative ? -top : top, bottom)!.Value;
    });
}
