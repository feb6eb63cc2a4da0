using System.Numerics;

namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>
/// The value of an expression in balls of some hundred bits: tells numbers apart that double precision does not, such as √(10¹² + 1) and 10⁶.
/// </summary>
internal sealed class PreciseEvaluation
{
    private const int FewestBits = 320;
    private const int MostBits = 1024;
    private const int LargestRoot = 12;
    private const int LargestPower = 4096;

    private readonly Valuation _exact;
    private readonly BallField _field;
    private readonly BallFunctions _functions;
    private readonly Ball _one;

    /// <summary>Bits of the longest exact numerator or denominator that came up.</summary>
    private long _longest;

    private PreciseEvaluation(Valuation exact, int bits)
    {
        _exact = exact;
        _field = new BallField(bits);
        _functions = new BallFunctions(_field);
        _one = new Ball(BigInteger.One << bits, 0);
    }

    /// <summary>
    /// Whether two expressions have the same value, as far as some hundred bits show: true where they agree to half of the bits, false where they are
    /// different for certain, null where that cannot be told.
    /// </summary>
    /// <param name="a">One expression.</param>
    /// <param name="b">The other.</param>
    /// <param name="point">A value for each variable.</param>
    /// <param name="largest">The largest magnitude on the way to either value, which asks for more bits, as long numbers do.</param>
    public static bool? AreEqual(Expression a, Expression b, IReadOnlyDictionary<string, Rational> point, double largest)
    {
        var length = largest > 1 ? (long)Math.Log2(largest) : 0;
        while (FewestBits + 2 * length <= MostBits)
        {
            var evaluation = new PreciseEvaluation(new Valuation(point), (int)(FewestBits + 2 * length + 63) / 64 * 64);
            var equal = evaluation.Value(a) is { } x && evaluation.Value(b) is { } y ? evaluation.AreEqual(x, y) : null;
            if (equal is not true || evaluation._longest <= length) return equal;
            length = evaluation._longest; // longer numbers came up than were thought of
        }
        return null;
    }

    private bool? AreEqual(Balls x, Balls y)
    {
        var (real, imaginary) = (x.Real - y.Real, x.Imaginary - y.Imaginary);
        if (real.Sign is 1 or -1 || imaginary.Sign is 1 or -1) return false;
        var size = BigInteger.Max(BigInteger.Abs(x.Real.Middle), BigInteger.Abs(x.Imaginary.Middle));
        var unit = size.GetBitLength() > _field.Bits / 4 ? size : _one.Middle; // next to zero, the difference itself has to be small
        return (real.Radius + imaginary.Radius) << (_field.Bits / 2) <= unit ? true : null;
    }

    private Balls? Value(Expression expression)
    {
        if (_exact.Exact(expression) is { } exact)
        {
            _longest = Math.Max(_longest, Math.Max(exact.Numerator.GetBitLength(), exact.Denominator.GetBitLength()));
            return _field.Of(exact) is { } ball ? new(ball, Ball.Zero) : null;
        }
        switch (expression)
        {
            case Expression.Symbol { Name: Expression.Pi }: return new(_functions.Pi, Ball.Zero);
            case Expression.Symbol { Name: Expression.Euler }: return Real(_functions.Exp(_one));
            case Expression.Symbol { Name: Expression.Imaginary }: return new(Ball.Zero, _one);
            case Expression.Sum sum: return Fold(sum.Terms, new(Ball.Zero, Ball.Zero), (a, b) => new(a.Real + b.Real, a.Imaginary + b.Imaginary));
            case Expression.Product product: return Fold(product.Factors, new(_one, Ball.Zero), Multiply);
            case Expression.Power power: return Value(power.Base) is { } root ? Power(root, power.Exponent) : null;
            case Expression.Call { Function: "root", Arguments: [var inner, var degree] }:
                return Value(inner) is { } value && _exact.Exact(degree) is { } n && Rational.Invert(n) is { } inverse ? Power(value, inverse) : null;
            case Expression.Call call: return Fold(call);
            default: return null;
        }
    }

    private Balls? Fold(Expression.Call call)
    {
        var arguments = new List<Balls>();
        foreach (var argument in call.Arguments)
        {
            if (Value(argument) is not { } value) return null;
            arguments.Add(value);
        }
        return arguments is [var x] ? Apply(call.Function, x)
            : (call.Function, arguments) is ("log", [var y, var b]) && Log(y) is { } top && Log(b) is { } bottom ? Divide(top, bottom) : null;
    }

    private Balls? Apply(string function, Balls x) => function switch
    {
        "exp" => Exp(x),
        "ln" => Log(x),
        "log" or "lg" => Log(x) is { } top && Log(new(_one * 10, Ball.Zero)) is { } bottom ? Divide(top, bottom) : null,
        "abs" => Real(Size(x)),
        "cis" => Exp(new(-x.Imaginary, x.Real)),
        _ when !x.Imaginary.IsZero => null,
        "floor" => Real(_field.Rounded(x.Real, up: false)),
        "ceil" => Real(_field.Rounded(x.Real, up: true)),
        "sgn" => x.Real.Sign is { } sign ? new(_one * sign, Ball.Zero) : null,
        "sin" => Real(_functions.SineAndCosine(x.Real)?.Sine),
        "cos" => Real(_functions.SineAndCosine(x.Real)?.Cosine),
        "sec" => Real(_functions.SineAndCosine(x.Real) is var (_, cosine) ? _field.Invert(cosine) : null),
        "csc" => Real(_functions.SineAndCosine(x.Real) is var (sine, _) ? _field.Invert(sine) : null),
        "tan" => Real(_functions.SineAndCosine(x.Real) is var (sine, cosine) ? _field.Divide(sine, cosine) : null),
        "cot" => Real(_functions.SineAndCosine(x.Real) is var (sine, cosine) ? _field.Divide(cosine, sine) : null),
        "arctan" => Real(_functions.ArcTangent(x.Real)),
        "arccot" => Real(_functions.ArcTangent(x.Real) is { } angle ? RightAngle - angle : null),
        "arcsin" => Real(ArcSine(x.Real)),
        "arccos" => Real(ArcSine(x.Real) is { } angle ? RightAngle - angle : null),
        "sinh" => Real(Hyperbolic(x.Real) is var (sinh, _) ? sinh : null),
        "cosh" => Real(Hyperbolic(x.Real) is var (_, cosh) ? cosh : null),
        "tanh" => Real(Hyperbolic(x.Real) is var (sinh, cosh) ? _field.Divide(sinh, cosh) : null),
        _ => null,
    };

    private Ball RightAngle => Halved(_functions.Pi);

    private static Balls? Real(Ball? value) => value is { } real ? new(real, Ball.Zero) : null;

    private static Ball Halved(Ball value) => new(value.Middle >> 1, (value.Radius >> 1) + 1);

    private Ball? ArcSine(Ball x)
    {
        if (_field.Multiply(x, x) is not { } square || (_one - square).Sign is null or < 0) return null;
        if ((_one - square).IsZero) return RightAngle * x.Middle.Sign;
        return _field.Root(_one - square, 2) is { } root && _field.Divide(x, root) is { } slope ? _functions.ArcTangent(slope) : null;
    }

    private (Ball Sine, Ball Cosine)? Hyperbolic(Ball x) => _functions.Exp(x) is { } up && _functions.Exp(-x) is { } down
        ? (Halved(up - down), Halved(up + down)) : null;

    private Balls? Multiply(Balls a, Balls b) =>
        _field.Multiply(a.Real, b.Real) is { } rr && _field.Multiply(a.Imaginary, b.Imaginary) is { } ii
        && _field.Multiply(a.Real, b.Imaginary) is { } ri && _field.Multiply(a.Imaginary, b.Real) is { } ir ? new(rr - ii, ri + ir) : null;

    private Balls? Divide(Balls a, Balls b) => Invert(b) is { } inverse ? Multiply(a, inverse) : null;

    private Balls? Invert(Balls a)
    {
        if (a.Imaginary.IsZero) return Real(_field.Invert(a.Real));
        return _field.Multiply(a.Real, a.Real) is { } rr && _field.Multiply(a.Imaginary, a.Imaginary) is { } ii && _field.Invert(rr + ii) is { } inverse
            ? Multiply(new(a.Real, -a.Imaginary), new(inverse, Ball.Zero)) : null;
    }

    private Ball? Size(Balls a)
    {
        if (a.Imaginary.IsZero) return a.Real.Middle.Sign < 0 ? -a.Real : a.Real;
        return _field.Multiply(a.Real, a.Real) is { } rr && _field.Multiply(a.Imaginary, a.Imaginary) is { } ii ? _field.Root(rr + ii, 2) : null;
    }

    private Balls? Exp(Balls x)
    {
        if (_functions.Exp(x.Real) is not { } size) return null;
        if (x.Imaginary.IsZero) return new(size, Ball.Zero);
        if (_functions.SineAndCosine(x.Imaginary) is not var (sine, cosine)) return null;
        return _field.Multiply(size, cosine) is { } real && _field.Multiply(size, sine) is { } imaginary ? new(real, imaginary) : null;
    }

    private Balls? Log(Balls x) => Size(x) is { } size && _functions.Log(size) is { } log && Angle(x) is { } angle ? new(log, angle) : null;

    /// <summary>In (−π, π]; null where the ball touches the cut.</summary>
    private Ball? Angle(Balls x)
    {
        if (x.Imaginary.IsZero) return x.Real.Sign switch { 1 => Ball.Zero, -1 => _functions.Pi, _ => null };
        if (x.Real.Sign is 1) return _field.Divide(x.Imaginary, x.Real) is { } slope ? _functions.ArcTangent(slope) : null;
        if (x.Imaginary.Sign is not (1 or -1) || _field.Divide(x.Real, x.Imaginary) is not { } turned) return null;
        if (_functions.ArcTangent(turned) is not { } rest) return null;
        return RightAngle * x.Imaginary.Sign.Value - rest;
    }

    private Balls? Power(Balls root, Expression exponent)
    {
        if (_exact.Exact(exponent) is { } exact) return Power(root, exact);
        return Value(exponent) is { } w && Log(root) is { } log && Multiply(w, log) is { } product ? Exp(product) : null;
    }

    private Balls? Power(Balls root, Rational exponent)
    {
        if (exponent.IsInteger) return WholePower(root, exponent.Numerator);
        if (root.Imaginary.IsZero && root.Real.Sign is 1 or 0 && exponent.Denominator <= LargestRoot)
            return Real(_field.Root(root.Real, (int)exponent.Denominator)) is { } part ? WholePower(part, exponent.Numerator) : null;
        if (root.Imaginary.IsZero && root.Real.Sign is -1 && !exponent.Denominator.IsEven)
            return Power(new(-root.Real, Ball.Zero), exponent) is { } size ? exponent.Numerator.IsEven ? size : new(-size.Real, size.Imaginary) : null;
        if (_field.Of(exponent) is not { } power || Log(root) is not { } log || Multiply(new(power, Ball.Zero), log) is not { } product) return null;
        return Exp(product);
    }

    private Balls? WholePower(Balls root, BigInteger exponent)
    {
        if (BigInteger.Abs(exponent) > LargestPower) return null;
        Balls? power = new Balls(_one, Ball.Zero);
        Balls? square = root;
        for (var rest = (int)BigInteger.Abs(exponent); rest > 0 && power is not null && square is not null; rest >>= 1)
        {
            if ((rest & 1) == 1) power = Multiply(power.Value, square.Value);
            if (rest > 1) square = Multiply(square.Value, square.Value);
        }
        if (power is null || square is null) return null;
        return exponent.Sign < 0 ? Invert(power.Value) : power;
    }

    private Balls? Fold(IReadOnlyList<Expression> parts, Balls start, Func<Balls, Balls, Balls?> fold)
    {
        Balls? result = start;
        foreach (var part in parts)
        {
            if (Value(part) is not { } value) return null;
            result = fold(result.Value, value);
            if (result is null) return null;
        }
        return result;
    }

    /// <summary>A complex number.</summary>
    private readonly record struct Balls(Ball Real, Ball Imaginary);
}
