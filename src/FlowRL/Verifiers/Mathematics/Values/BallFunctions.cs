using System.Collections.Concurrent;
using System.Numerics;

namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>Exponential, logarithm, sine, cosine and arc tangent of balls, by series with guard bits.</summary>
internal sealed class BallFunctions(BallField field)
{
    private const int Guard = 64;
    private const int Halvings = 8;
    private const int LargestExponent = 5000;

    private static readonly ConcurrentDictionary<int, BigInteger> Pis = new();
    private static readonly ConcurrentDictionary<int, BigInteger> LogsOfTwo = new();

    private readonly int _bits = field.Bits + Guard;

    public Ball Pi => new(PiOf(_bits) >> Guard, 2);

    public Ball? Exp(Ball x)
    {
        if ((BigInteger.Abs(x.Middle) >> field.Bits) > LargestExponent || x.Radius > (BigInteger.One << (field.Bits - 1))) return null;
        var (value, shift) = Exp(x.Middle << Guard, _bits);
        var middle = Shifted(value, shift - Guard);
        // e^r − 1 ≤ 2 r for r ≤ 1/2; the value itself is right to some bits before the last guard bit.
        return new(middle, ((BigInteger.Abs(middle) * x.Radius * 2) >> field.Bits) + Shifted(BigInteger.One, Math.Max(0, shift - Guard / 2)) + 2);
    }

    public Ball? Log(Ball x)
    {
        var least = x.Middle - x.Radius;
        if (least.Sign <= 0) return null;
        // x = y 2^k with y in [1/2, 1): a first guess in double precision, made three times as exact by each step.
        var k = (int)x.Middle.GetBitLength() - field.Bits;
        var y = Shifted(x.Middle, Guard - k);
        var guess = new BigInteger(Math.Log((double)(y >> (_bits - 60)) / (1L << 60)) * (1L << 50)) << (_bits - 50);
        for (var step = 50; step < 2 * _bits; step *= 3)
        {
            var (value, shift) = Exp(guess, _bits);
            var power = Shifted(value, shift);
            guess += 2 * (((y - power) << _bits) / (y + power));
        }
        return new((guess + k * LogOfTwo(_bits)) >> Guard, (x.Radius << field.Bits) / least + 4);
    }

    public (Ball Sine, Ball Cosine)? SineAndCosine(Ball x)
    {
        var size = (int)x.Middle.GetBitLength();
        if (size > 3 * field.Bits) return null;
        var precision = _bits + (Math.Max(0, size - field.Bits) + 63) / 64 * 64; // few precisions, so that few values of π are kept
        var turn = 2 * PiOf(precision);
        var angle = x.Middle << (precision - field.Bits);
        angle -= BigInteger.Divide(angle, turn) * turn;
        var (sine, cosine) = SineAndCosine(angle >> (precision - _bits), _bits);
        return (new(sine >> Guard, x.Radius + 4), new(cosine >> Guard, x.Radius + 4));
    }

    public Ball? ArcTangent(Ball x)
    {
        if (x.Middle.GetBitLength() > 3 * field.Bits) return null;
        // From a guess t: atan x = t + atan d with d = (x cos t − sin t) / (cos t + x sin t).
        var guess = new BigInteger(Math.Atan(ToDouble(x.Middle)) * (1L << 50)) << (_bits - 50);
        var (sine, cosine) = SineAndCosine(guess, _bits);
        var value = x.Middle << Guard;
        var below = cosine + ((value * sine) >> _bits);
        if (below.IsZero) return null;
        var d = ((((value * cosine) >> _bits) - sine) << _bits) / below;
        return new((guess + ArcTangentSeries(d, _bits)) >> Guard, x.Radius + 4);
    }

    private double ToDouble(BigInteger value)
    {
        var drop = Math.Max(0, (int)value.GetBitLength() - 64);
        return (double)(value >> drop) * Math.Pow(2, drop - field.Bits);
    }

    /// <summary>e^x = value 2^shift, the value in [1/2, 2].</summary>
    private static (BigInteger Value, int Shift) Exp(BigInteger x, int bits)
    {
        var two = LogOfTwo(bits);
        var shift = (int)BigInteger.Divide(x + (x.Sign * two >> 1), two);
        var rest = (x - shift * two) >> Halvings;
        var (sum, term) = (BigInteger.One << bits, BigInteger.One << bits);
        for (var i = 1; !term.IsZero && !(term + 1).IsZero; i++)
        {
            term = ((term * rest) >> bits) / i;
            sum += term;
        }
        for (var i = 0; i < Halvings; i++) sum = (sum * sum) >> bits;
        return (sum, shift);
    }

    private static (BigInteger Sine, BigInteger Cosine) SineAndCosine(BigInteger angle, int bits)
    {
        var x = angle >> Halvings;
        var square = (x * x) >> bits;
        // cos x − 1 and sin x, then eight times the double angle: cos 2x − 1 = 2 (cos x − 1) (cos x + 1).
        var (sine, less) = (x, BigInteger.Zero);
        var (sineTerm, cosineTerm) = (x, BigInteger.One << bits);
        for (var i = 1; !cosineTerm.IsZero && !(cosineTerm + 1).IsZero; i++)
        {
            cosineTerm = -(((cosineTerm * square) >> bits) / ((2 * i - 1) * (2 * i)));
            sineTerm = -(((sineTerm * square) >> bits) / ((2 * i) * (2 * i + 1)));
            (sine, less) = (sine + sineTerm, less + cosineTerm);
        }
        var one = BigInteger.One << bits;
        for (var i = 0; i < Halvings; i++)
            (sine, less) = ((sine * (less + one)) >> (bits - 1), (less * (less + 2 * one)) >> (bits - 1));
        return (sine, less + one);
    }

    private static BigInteger ArcTangentSeries(BigInteger x, int bits)
    {
        var square = (x * x) >> bits;
        var (sum, power) = (x, x);
        for (var i = 1; !power.IsZero && !(power + 1).IsZero; i++)
        {
            power = -((power * square) >> bits);
            sum += power / (2 * i + 1);
        }
        return sum;
    }

    private static BigInteger Shifted(BigInteger value, int by) => by >= 0 ? value << by : value >> -by;

    /// <summary>π = 16 atan(1/5) − 4 atan(1/239), Machin's formula.</summary>
    private static BigInteger PiOf(int bits) => Pis.GetOrAdd(bits, static bits =>
        (16 * ArcTangentSeries((BigInteger.One << (bits + 16)) / 5, bits + 16) - 4 * ArcTangentSeries((BigInteger.One << (bits + 16)) / 239, bits + 16)) >> 16);

    /// <summary>ln 2 = 2 artanh(1/3).</summary>
    private static BigInteger LogOfTwo(int bits) => LogsOfTwo.GetOrAdd(bits, static bits =>
    {
        var power = (BigInteger.One << (bits + 16)) / 3;
        var sum = power;
        for (var i = 3; !power.IsZero; i += 2)
        {
            power /= 9;
            sum += power / i;
        }
        return sum >> 15;
    });
}
