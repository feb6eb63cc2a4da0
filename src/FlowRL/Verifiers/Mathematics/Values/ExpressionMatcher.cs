using System.Numerics;

namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>Whether two expressions have the same value, for every value of their variables.</summary>
internal static class ExpressionMatcher
{
    private const int Points = 5;
    private const int FewestPoints = 3;
    private const int MostTried = 24;
    private const int MostInVain = 8;
    private const int MostVariables = 12;

    // Double precision has 16 digits. What differs in the first ten is different; the rest is computed with some hundred bits. Where terms of over
    // 10^15 cancel, nothing is said.
    private const double Noise = 1e-10;
    private const double Cancelled = 1e15;

    /// <param name="a">One expression.</param>
    /// <param name="b">The other.</param>
    /// <param name="tolerance">Relative difference up to which numbers are equal; variables ask for equality.</param>
    public static AnswerComparison Compare(Expression a, Expression b, double tolerance)
    {
        var plain = Plain(Degrees.Dropped(a), Degrees.Dropped(b), tolerance);
        if (plain.Outcome == AnswerOutcome.Equal || Degrees.AreIn(a) == Degrees.AreIn(b)) return plain;
        // One in degrees, the other perhaps in radians.
        return Plain(Degrees.InRadians(a), Degrees.InRadians(b), tolerance) is { Outcome: AnswerOutcome.Equal } equal ? equal : plain;
    }

    public static bool AreEqual(Expression a, Expression b) => Compare(a, b, 0).Outcome == AnswerOutcome.Equal;

    private static AnswerComparison Plain(Expression a, Expression b, double tolerance)
    {
        if (CanonicalForm.Of(a) == CanonicalForm.Of(b)) return AnswerComparison.Equal("the same up to order");
        var variables = a.Variables().Concat(b.Variables()).ToHashSet();
        if (variables.Count > MostVariables) return AnswerComparison.Undecided($"over {MostVariables} variables");
        return variables.Count == 0 ? Values(a, b, SamplePoint.None, tolerance).Comparison : AtPoints(a, b, variables);
    }

    /// <summary>
    /// Where both expressions leave the reals, such as √x for negative x, they are not defined as functions of real variables; those points count
    /// only where there are no others.
    /// </summary>
    private static AnswerComparison AtPoints(Expression a, Expression b, IReadOnlySet<string> variables)
    {
        var areWhole = SamplePoint.AreWhole(a) || SamplePoint.AreWhole(b);
        var areReal = !new[] { a, b }.Any(side => side.Has(part => part is Expression.Symbol { Name: Expression.Imaginary }));
        var (equal, complexEqual, complexDifferent) = (0, 0, 0);
        for (var tried = 0; equal < Points && tried < MostTried; tried++)
        {
            if (tried == MostInVain && equal + complexEqual + complexDifferent == 0) break;
            var (comparison, bothComplex) = Values(a, b, areWhole ? SamplePoint.Whole(variables, tried) : SamplePoint.Of(variables, tried), 0);
            if (areReal && bothComplex)
            {
                if (comparison.Outcome == AnswerOutcome.Equal) complexEqual++;
                if (comparison.Outcome == AnswerOutcome.Different) complexDifferent++;
                continue;
            }
            if (comparison.Outcome == AnswerOutcome.Different) return AnswerComparison.Different("another value where the variables have values");
            if (comparison.Outcome == AnswerOutcome.Equal) equal++;
        }
        if (equal == 0 && complexDifferent > 0) return AnswerComparison.Different("another value where the variables have values");
        return equal >= FewestPoints || (complexDifferent == 0 && equal + complexEqual >= Points)
            ? AnswerComparison.Equal("the same value wherever the variables were put in")
            : AnswerComparison.Undecided("the expressions have no value at most points that were tried");
    }

    /// <summary>Compares at one point; also whether both expressions leave the reals there.</summary>
    private static (AnswerComparison Comparison, bool BothComplex) Values(
        Expression a, Expression b, IReadOnlyDictionary<string, Rational> point, double tolerance)
    {
        if (Bases(a, b) is { } bases) return (bases, false);
        var evaluation = new Valuation(point);
        if (evaluation.Exact(a) is { } left && evaluation.Exact(b) is { } right)
        {
            if (left == right) return (AnswerComparison.Equal("the same number"), false);
            return (tolerance > 0 && Near(left.ToDouble(), right.ToDouble(), tolerance)
                ? AnswerComparison.Equal("numbers within the tolerance") : AnswerComparison.Different($"{Shown(right)}, not {Shown(left)}"), false);
        }
        if (Infinite(a) is { } one && Infinite(b) is { } other)
            return (one == other ? AnswerComparison.Equal("infinity") : AnswerComparison.Different("the other infinity"), false);
        var (x, y) = (evaluation.Approximate(a), evaluation.Approximate(b));
        return (Approximately(a, b, x, y, point, tolerance), x.LeftReals && y.LeftReals);
    }

    private static AnswerComparison Approximately(
        Expression a, Expression b, Approximation x, Approximation y, IReadOnlyDictionary<string, Rational> point, double tolerance)
    {
        if (Infinite(a) is not null && Complex.IsFinite(y.Value)) return AnswerComparison.Different("a number, not infinity");
        if (Infinite(b) is not null && Complex.IsFinite(x.Value)) return AnswerComparison.Different("infinity, not a number");
        if (!Complex.IsFinite(x.Value) || !Complex.IsFinite(y.Value)) return AnswerComparison.Undecided("a value is undefined or too large");
        var (difference, size) = (Complex.Abs(x.Value - y.Value), Math.Max(Complex.Abs(x.Value), Complex.Abs(y.Value)));
        var largest = Math.Max(size, Math.Max(x.Largest, y.Largest));
        if (tolerance > 0 && difference <= tolerance * size) return AnswerComparison.Equal("numbers within the tolerance");
        if (difference > Noise * largest) return AnswerComparison.Different("another number");
        if (largest > Cancelled * Math.Max(size, 1)) return AnswerComparison.Undecided("the difference is lost in rounding");
        return PreciseEvaluation.AreEqual(a, b, point, largest) switch
        {
            true => AnswerComparison.Equal("the same number, to forty digits"),
            false => AnswerComparison.Different("another number"),
            null => AnswerComparison.Undecided("the difference is lost in rounding"),
        };
    }

    /// <summary>Numbers with a base that is written: 110_2 is 110_2 and, where only one says so, 110.</summary>
    private static AnswerComparison? Bases(Expression a, Expression b)
    {
        var (left, leftBase) = Digits(a);
        var (right, rightBase) = Digits(b);
        if (leftBase is null && rightBase is null) return null;
        if (leftBase is not null && rightBase is not null && !AreEqual(leftBase, rightBase)) return AnswerComparison.Different("another base");
        return Values(left, right, SamplePoint.None, 0).Comparison;
    }

    private static (Expression Digits, Expression? Base) Digits(Expression number) => number switch
    {
        Expression.Call { Function: "base", Arguments: [Expression.Number digits, var radix] } => (digits, radix),
        Expression.Product
        {
            Factors: [Expression.Number { Value.Sign: < 0 }, Expression.Call { Function: "base", Arguments: [Expression.Number digits, var radix] }],
        } => (digits.Negated(), radix),
        _ => (number, null),
    };

    private static bool Near(double a, double b, double tolerance) => Math.Abs(a - b) <= tolerance * Math.Max(Math.Abs(a), Math.Abs(b));

    private static string Shown(Rational value) => value.ToString() is { Length: <= 40 } text ? text : "a long number";

    /// <summary>+1 for ∞, −1 for −∞, null for what is not just that.</summary>
    public static int? Infinite(Expression expression) => expression switch
    {
        Expression.Symbol { Name: Expression.Infinity } => 1,
        Expression.Product { Factors: [Expression.Number { Value.Sign: < 0 }, Expression.Symbol { Name: Expression.Infinity }] } => -1,
        _ => null,
    };
}
