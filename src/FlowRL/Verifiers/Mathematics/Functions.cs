using System.Collections.Frozen;
using System.Numerics;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>The functions that answers use, exactly where that comes out even and in complex double precision otherwise.</summary>
internal static class Functions
{
    private static readonly FrozenDictionary<string, Func<Complex, Complex>> Unary = new Dictionary<string, Func<Complex, Complex>>
    {
        ["sin"] = Complex.Sin,
        ["cos"] = Complex.Cos,
        ["tan"] = Complex.Tan,
        ["cot"] = x => 1 / Complex.Tan(x),
        ["sec"] = x => 1 / Complex.Cos(x),
        ["csc"] = x => 1 / Complex.Sin(x),
        ["arcsin"] = Complex.Asin,
        ["arccos"] = Complex.Acos,
        ["arctan"] = Complex.Atan,
        ["sinh"] = Complex.Sinh,
        ["cosh"] = Complex.Cosh,
        ["tanh"] = Complex.Tanh,
        ["exp"] = Complex.Exp,
        ["ln"] = Complex.Log,
        ["log"] = Complex.Log10,
        ["lg"] = Complex.Log10,
        ["abs"] = x => Complex.Abs(x),
        ["floor"] = x => Math.Floor(x.Real + 1e-12),
        ["ceil"] = x => Math.Ceiling(x.Real - 1e-12),
    }.ToFrozenDictionary();

    /// <summary>Those written before their argument; logarithms may have a base.</summary>
    public static IEnumerable<string> Names => Unary.Keys.Where(name => name is not ("floor" or "ceil")).Append("gcd");

    public static Rational? Exact(string function, IReadOnlyList<Rational> arguments) => (function, arguments) switch
    {
        ("abs", [var x]) => x.Sign < 0 ? Rational.Multiply(x, (Rational)(-1)) : x,
        ("floor", [var x]) => new Rational(Floor(x)),
        ("ceil", [var x]) => new Rational(-Floor(Rational.Multiply(x, (Rational)(-1)) ?? x)),
        ("!", [{ IsInteger: true } n]) when n.Numerator >= 0 && n.Numerator <= 400 => new Rational(Falling(n.Numerator, (int)n.Numerator)),
        ("binom", [{ IsInteger: true } n, { IsInteger: true } k]) when k.Numerator >= 0 && k.Numerator <= 400 && BigInteger.Abs(n.Numerator) < 10_000 =>
            Rational.Of(Falling(n.Numerator, (int)k.Numerator), Falling(k.Numerator, (int)k.Numerator)),
        ("root", [var x, { IsInteger: true } n]) when n.Sign > 0 => Root(x, n),
        ("gcd", [{ IsInteger: true } a, { IsInteger: true } b]) => new Rational(BigInteger.GreatestCommonDivisor(a.Numerator, b.Numerator)),
        _ => null,
    };

    public static Complex Approximate(string function, IReadOnlyList<Complex> arguments) => (function, arguments) switch
    {
        ("root", [var x, var n]) => x is { Imaginary: 0, Real: < 0 } && n.Real % 2 == 1 ? -Complex.Pow(-x, 1 / n) : Complex.Pow(x, 1 / n),
        ("log", [var x, var b]) => Complex.Log(x) / Complex.Log(b),
        (_, [var x]) when Unary.TryGetValue(function, out var unary) => unary(x),
        _ => Complex.NaN,
    };

    private static BigInteger Floor(Rational x)
    {
        var whole = BigInteger.DivRem(x.Numerator, x.Denominator, out var rest);
        return rest.Sign < 0 ? whole - 1 : whole;
    }

    private static BigInteger Falling(BigInteger n, int count)
    {
        var product = BigInteger.One;
        for (var i = 0; i < count; i++) product *= n - i;
        return product;
    }

    private static Rational? Root(Rational x, Rational degree)
    {
        if (x.Sign >= 0 || degree.Numerator.IsEven) return Rational.Invert(degree) is { } inverse ? Rational.Power(x, inverse) : null;
        return Rational.Multiply(x, (Rational)(-1)) is { } positive && Root(positive, degree) is { } root
            ? Rational.Multiply(root, (Rational)(-1)) : null;
    }
}
