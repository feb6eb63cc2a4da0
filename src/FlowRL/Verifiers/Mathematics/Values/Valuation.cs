using System.Numerics;

namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>
/// The value of an expression where its variables have values. Powers with an odd denominator are real where their base is, as odd roots are:
/// (−8)^(1/3) is −2, and x^(2/3) is the cube root of x².
/// </summary>
/// <param name="variables">A value for each variable.</param>
internal sealed class Valuation(IReadOnlyDictionary<string, Rational> variables)
{
    private static readonly Valuation OfNothing = new(SamplePoint.None);

    /// <summary>The value of an expression without variables, in complex double precision.</summary>
    public static Complex OfConstant(Expression expression) => OfNothing.Approximate(expression).Value;

    /// <summary>The exact value of an expression without variables; null where it is not rational.</summary>
    public static Rational? ExactOfConstant(Expression expression) => OfNothing.Exact(expression);

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
    public Approximation Approximate(Expression expression)
    {
        if (expression is Expression.Number number) return Of(number.Value.ToDouble(), 0, false);
        if (expression is Expression.Symbol symbol)
            return Of(Constant(symbol.Name) ?? (variables.TryGetValue(symbol.Name, out var value) ? value.ToDouble() : Complex.NaN), 0, false);
        var parts = expression.Parts.Select(Approximate).ToList();
        var result = expression switch
        {
            Expression.Sum => parts.Aggregate(Complex.Zero, (sum, part) => sum + part.Value),
            Expression.Product => parts.Aggregate(Complex.One, (product, part) => product * part.Value),
            Expression.Power power => Power(parts[0].Value, parts[1].Value, () => Exact(power.Exponent)),
            Expression.Call { Function: "root", Arguments: [_, var degree] } =>
                Power(parts[0].Value, 1 / parts[1].Value, () => Exact(degree) is { } n ? Rational.Invert(n) : null),
            Expression.Call { Function: var function } when Functions.AreExact(function) => Exact(expression)?.ToDouble() ?? Complex.NaN,
            Expression.Call call => Functions.Approximate(call.Function, [.. parts.Select(part => part.Value)]),
            _ => Complex.NaN,
        };
        var left = parts.Any(part => part.LeftReals) || (result.Imaginary != 0 && parts.All(part => part.Value.Imaginary == 0));
        return Of(result, expression is Expression.Sum ? parts.Max(part => part.Largest) : 0, left);
    }

    private static Approximation Of(Complex value, double largest, bool leftReals)
    {
        if (value.Imaginary == 0) value = value.Real; // −0 would turn a root to the other side
        return new(value, Math.Max(largest, Complex.Abs(value)), leftReals);
    }

    private static Complex Power(Complex value, Complex exponent, Func<Rational?> exact)
    {
        if (value == Complex.Zero) return exponent.Real > 0 ? Complex.Zero : Complex.NaN;
        // Small whole powers by multiplication: Complex.Pow goes through logarithms and loses digits.
        if (exponent is { Imaginary: 0 } && exponent.Real == Math.Floor(exponent.Real) && Math.Abs(exponent.Real) <= 64)
        {
            var product = Complex.One;
            for (var i = 0; i < Math.Abs(exponent.Real); i++) product *= value;
            return exponent.Real < 0 ? 1 / product : product;
        }
        if (value is not { Imaginary: 0, Real: < 0 } || exact() is not { Denominator.IsEven: false } odd) return Complex.Pow(value, exponent);
        var size = Math.Pow(-value.Real, exponent.Real);
        return odd.Numerator.IsEven ? size : -size;
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

/// <param name="Value">In complex double precision; NaN where there is none.</param>
/// <param name="Largest">The largest magnitude of a term on the way.</param>
/// <param name="LeftReals">Whether a step made something complex of what was real, such as the root of a negative number.</param>
internal readonly record struct Approximation(Complex Value, double Largest, bool LeftReals);
