using System.Numerics;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>
/// A set of real numbers as disjoint intervals in rising order, whichever way it was written: (1, ∞), x > 1, {x | x > 1}, ℝ ∖ (−∞, 1].
/// </summary>
internal sealed class RealSet
{
    private const int MostIntervals = 64;

    private readonly IReadOnlyList<Interval> _intervals;

    private RealSet(IReadOnlyList<Interval> intervals) => _intervals = intervals;

    public static RealSet Empty { get; } = new([]);

    public static RealSet All { get; } = new([new(End.Below, End.Above)]);

    /// <summary>Null where an end is no real number, or the ends are in the wrong order.</summary>
    public static RealSet? Between(Expression low, bool hasLow, Expression high, bool hasHigh)
    {
        if (End.Of(low, hasLow ? -1 : 1) is not { } from || End.Of(high, hasHigh ? 1 : -1) is not { } to) return null;
        return from.CompareTo(to) switch { < 0 => new([new(from, to)]), _ => null };
    }

    public static RealSet? Point(Expression value) => Between(value, true, value, true);

    public bool IsEmpty => _intervals.Count == 0;

    public RealSet? Union(RealSet other)
    {
        if (_intervals.Count + other._intervals.Count > MostIntervals) return null;
        var joined = new List<Interval>();
        foreach (var next in _intervals.Concat(other._intervals).OrderBy(interval => interval.From))
        {
            if (joined.Count > 0 && next.From.CompareTo(joined[^1].To) <= 0) joined[^1] = new(joined[^1].From, End.Later(joined[^1].To, next.To));
            else joined.Add(next);
        }
        return new(joined);
    }

    public RealSet Complement()
    {
        var gaps = new List<Interval>();
        var from = End.Below;
        foreach (var interval in _intervals)
        {
            if (from.CompareTo(interval.From) < 0) gaps.Add(new(from, interval.From));
            from = interval.To;
        }
        if (from.CompareTo(End.Above) < 0) gaps.Add(new(from, End.Above));
        return new(gaps);
    }

    public RealSet? Intersect(RealSet other) => Complement().Union(other.Complement())?.Complement();

    public bool SameAs(RealSet other) => _intervals.Count == other._intervals.Count
        && _intervals.Zip(other._intervals).All(pair => pair.First.From.CompareTo(pair.Second.From) == 0 && pair.First.To.CompareTo(pair.Second.To) == 0);

    /// <summary>The whole numbers in the set, if they are few; null otherwise.</summary>
    public IReadOnlyList<BigInteger>? WholeNumbers(int most)
    {
        var numbers = new List<BigInteger>();
        foreach (var (from, to) in _intervals)
        {
            if (!(double.IsFinite(from.Size) && double.IsFinite(to.Size)) || to.Size - from.Size > most) return null;
            for (var number = Math.Floor(from.Size) - 1; number <= to.Size + 1; number++)
            {
                var one = End.Of(new Expression.Number(new Rational(new BigInteger(number))), 0)!.Value;
                if (from.CompareTo(one) < 0 && one.CompareTo(to) < 0) numbers.Add(new BigInteger(number));
            }
            if (numbers.Count > most) return null;
        }
        return numbers;
    }

    private readonly record struct Interval(End From, End To);

    /// <summary>An end lies just before (−1), at (0) or just after (1) a number.</summary>
    private readonly record struct End(Expression Value, double Size, int Side) : IComparable<End>
    {
        public static End Below { get; } = new(new Expression.Symbol(Expression.Infinity).Negated(), double.NegativeInfinity, 1);

        public static End Above { get; } = new(new Expression.Symbol(Expression.Infinity), double.PositiveInfinity, -1);

        public static End? Of(Expression value, int side)
        {
            if (ExpressionMatcher.Infinite(value) is { } sign) return sign > 0 ? Above : Below;
            if (!value.IsConstant) return null;
            var number = Valuation.OfConstant(Degrees.Dropped(value));
            return Complex.IsFinite(number) && number.Imaginary == 0 ? new(value, number.Real, side) : null;
        }

        public static End Later(End a, End b) => a.CompareTo(b) < 0 ? b : a;

        public int CompareTo(End other)
        {
            if (double.IsInfinity(Size) || double.IsInfinity(other.Size)) return Size.CompareTo(other.Size);
            var isNear = Math.Abs(Size - other.Size) <= 1e-6 * Math.Max(1, Math.Abs(Size));
            return isNear && ExpressionMatcher.AreEqual(Value, other.Value) ? Side.CompareTo(other.Side) : Size.CompareTo(other.Size);
        }
    }
}
