using System.Numerics;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>Whether two expressions have the same value, for every value of their variables.</summary>
internal static class ExpressionMatcher
{
    private const int Points = 5;
    private const int MostTried = 16;
    private const int MostVariables = 12;

    // Double precision has 16 digits. What agrees to 12 is taken as equal, if the numbers are small enough for that to show a difference of a
    // thousandth; what is nearer than rounding can tell is undecided.
    private const double Agreement = 1e-12;
    private const double Noise = 1e-10;
    private const double Largest = 1e9;

    /// <param name="a">One expression.</param>
    /// <param name="b">The other.</param>
    /// <param name="tolerance">Relative difference up to which numbers are equal; variables ask for equality.</param>
    public static AnswerComparison Compare(Expression a, Expression b, double tolerance)
    {
        if (CanonicalForm.Of(a) == CanonicalForm.Of(b)) return AnswerComparison.Equal("the same up to order");
        var variables = a.Variables().Concat(b.Variables()).ToHashSet();
        if (variables.Count > MostVariables) return AnswerComparison.Undecided($"over {MostVariables} variables");
        if (variables.Count == 0) return Values(a, b, SamplePoint.None, tolerance);
        var (equal, tried) = (0, 0);
        while (equal < Points && tried < MostTried)
        {
            var outcome = Values(a, b, SamplePoint.Of(variables, tried++), 0).Outcome;
            if (outcome == AnswerOutcome.Different) return AnswerComparison.Different("another value where the variables have values");
            if (outcome == AnswerOutcome.Equal) equal++;
        }
        return equal == Points
            ? AnswerComparison.Equal("the same value wherever the variables were put in")
            : AnswerComparison.Undecided("the expressions have no value at most points that were tried");
    }

    /// <summary>Compares at one point.</summary>
    public static AnswerComparison Values(Expression a, Expression b, IReadOnlyDictionary<string, Rational> point, double tolerance)
    {
        if (Bases(a, b) is { } bases) return bases;
        var evaluation = new Evaluation(point);
        if (evaluation.Exact(a) is { } left && evaluation.Exact(b) is { } right)
        {
            if (left == right) return AnswerComparison.Equal("the same number");
            return tolerance > 0 && Near(left.ToDouble(), right.ToDouble(), tolerance)
                ? AnswerComparison.Equal("numbers within the tolerance") : AnswerComparison.Different($"{Shown(right)}, not {Shown(left)}");
        }
        if (Infinite(a) is { } one && Infinite(b) is { } other)
            return one == other ? AnswerComparison.Equal("infinity") : AnswerComparison.Different("the other infinity");
        var (x, xs) = evaluation.Approximate(a);
        var (y, ys) = evaluation.Approximate(b);
        if (Infinite(a) is not null && Complex.IsFinite(y)) return AnswerComparison.Different("a number, not infinity");
        if (Infinite(b) is not null && Complex.IsFinite(x)) return AnswerComparison.Different("infinity, not a number");
        if (!Complex.IsFinite(x) || !Complex.IsFinite(y)) return AnswerComparison.Undecided("a value is undefined or too large");
        var (difference, size) = (Complex.Abs(x - y), Math.Max(Complex.Abs(x), Complex.Abs(y)));
        if (tolerance > 0 && difference <= tolerance * size) return AnswerComparison.Equal("numbers within the tolerance");
        if (difference <= Agreement * size && size <= Largest) return AnswerComparison.Equal("the same number, to twelve digits");
        return difference <= Noise * Math.Max(size, Math.Max(xs, ys))
            ? AnswerComparison.Undecided("the difference is lost in rounding") : AnswerComparison.Different("another number");
    }

    /// <summary>Numbers with a base that is written: 110_2 is 110_2 and, where only one says so, 110.</summary>
    private static AnswerComparison? Bases(Expression a, Expression b)
    {
        var (left, leftBase) = Digits(a);
        var (right, rightBase) = Digits(b);
        if (leftBase is null && rightBase is null) return null;
        if (leftBase is not null && rightBase is not null && Values(leftBase, rightBase, SamplePoint.None, 0) is { Outcome: not AnswerOutcome.Equal })
            return AnswerComparison.Different("another base");
        return Values(left, right, SamplePoint.None, 0);
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
    private static int? Infinite(Expression expression) => expression switch
    {
        Expression.Symbol { Name: Expression.Infinity } => 1,
        Expression.Product { Factors: [Expression.Number { Value.Sign: < 0 }, Expression.Symbol { Name: Expression.Infinity }] } => -1,
        _ => null,
    };
}
