using System.Collections.Frozen;
using System.Numerics;

namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>The functions that answers use, exactly where that comes out even and in complex double precision otherwise.</summary>
internal static class Functions
{
    private const int MostFactors = 400;

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
        ["cis"] = x => Complex.Exp(Complex.ImaginaryOne * x),
        ["sgn"] = x => x.Imaginary == 0 ? Math.Sign(x.Real) : Complex.NaN,
        ["arccot"] = x => Math.PI / 2 - Complex.Atan(x),
    }.ToFrozenDictionary();

    /// <summary>Those of any number of arguments.</summary>
    private static readonly FrozenSet<string> Several = new[] { "gcd", "lcm", "max", "min" }.ToFrozenSet();

    /// <summary>Those written before their argument; logarithms may have a base.</summary>
    public static IEnumerable<string> Names => Unary.Keys.Where(name => name is not ("floor" or "ceil")).Concat(Several);

    /// <summary>Whether a function takes arguments in brackets with commas: max(1, 2).</summary>
    public static bool TakeSeveral(string function) => Several.Contains(function);

    /// <summary>Whether an argument in degrees is an angle.</summary>
    public static bool TakesAngle(string function) => function is "sin" or "cos" or "tan" or "cot" or "sec" or "csc" or "cis";

    /// <summary>Whether a function has a value for whole numbers only.</summary>
    public static bool AreExact(string function) => function is "!" or "!!" or "binom" or "perm" or "gcd" or "lcm" or "mod";

    public static Rational? Exact(string function, IReadOnlyList<Rational> arguments) => (function, arguments) switch
    {
        ("abs", [var x]) => x.Sign < 0 ? -x : x,
        ("sgn", [var x]) => (Rational)x.Sign,
        ("floor", [var x]) => new Rational(Floor(x)),
        ("ceil", [var x]) => new Rational(-Floor(-x)),
        ("!", [{ IsInteger: true } n]) when n.Numerator >= 0 && n.Numerator <= MostFactors => new Rational(Falling(n.Numerator, (int)n.Numerator, 1)),
        ("!!", [{ IsInteger: true } n]) when n.Numerator >= 0 && n.Numerator <= MostFactors =>
            new Rational(Falling(n.Numerator, (int)(n.Numerator + 1) / 2, 2)),
        ("binom", [{ IsInteger: true } n, { IsInteger: true } k]) when k.Numerator >= 0 && k.Numerator <= MostFactors && BigInteger.Abs(n.Numerator) < 10_000 =>
            Rational.Of(Falling(n.Numerator, (int)k.Numerator, 1), Falling(k.Numerator, (int)k.Numerator, 1)),
        ("perm", [{ IsInteger: true } n, { IsInteger: true } k]) when k.Numerator >= 0 && k.Numerator <= MostFactors && BigInteger.Abs(n.Numerator) < 10_000 =>
            new Rational(Falling(n.Numerator, (int)k.Numerator, 1)),
        ("root", [var x, { IsInteger: true } n]) when n.Sign > 0 => Rational.Invert(n) is { } inverse ? Rational.Power(x, inverse) : null,
        ("mod", [{ IsInteger: true } a, { IsInteger: true } b]) when b.Sign > 0 => new Rational(((a.Numerator % b.Numerator) + b.Numerator) % b.Numerator),
        ("max", _) => arguments.Aggregate((a, b) => Less(a, b) ? b : a),
        ("min", _) => arguments.Aggregate((a, b) => Less(a, b) ? a : b),
        ("gcd", _) when arguments.All(x => x.IsInteger) =>
            new Rational(arguments.Aggregate(BigInteger.Zero, (gcd, x) => BigInteger.GreatestCommonDivisor(gcd, x.Numerator))),
        ("lcm", _) when arguments.All(x => x.IsInteger && !x.IsZero) => Multiple(arguments),
        _ => null,
    };

    public static Complex Approximate(string function, IReadOnlyList<Complex> arguments) => (function, arguments) switch
    {
        ("log", [var x, var b]) => Complex.Log(x) / Complex.Log(b),
        ("max", _) when arguments.All(x => x.Imaginary == 0) => arguments.Max(x => x.Real),
        ("min", _) when arguments.All(x => x.Imaginary == 0) => arguments.Min(x => x.Real),
        (_, [var x]) when Unary.TryGetValue(function, out var unary) => unary(x),
        _ => Complex.NaN,
    };

    private static bool Less(Rational a, Rational b) => a.Numerator * b.Denominator < b.Numerator * a.Denominator;

    private static Rational? Multiple(IReadOnlyList<Rational> numbers)
    {
        var multiple = (Rational)1;
        foreach (var number in numbers)
        {
            var common = BigInteger.GreatestCommonDivisor(multiple.Numerator, number.Numerator);
            if (Rational.Of(multiple.Numerator * BigInteger.Abs(number.Numerator) / common, 1) is not { } next) return null; // too long
            multiple = next;
        }
        return multiple;
    }

    private static BigInteger Floor(Rational x)
    {
        var whole = BigInteger.DivRem(x.Numerator, x.Denominator, out var rest);
        return rest.Sign < 0 ? whole - 1 : whole;
    }

    /// <summary>n (n − step) (n − 2 step) ..., so many factors.</summary>
    private static BigInteger Falling(BigInteger n, int count, int step)
    {
        var product = BigInteger.One;
        for (var i = 0; i < count; i++) product *= n - i * step;
        return product;
    }
}
