namespace FlowRL.Evaluation;

/// <summary>Student's t distribution.</summary>
internal static class StudentT
{
    /// <summary>P(|T| ≥ |t|), the two-sided p-value.</summary>
    /// <param name="t">The statistic.</param>
    /// <param name="freedom">Degrees of freedom, from 1 on.</param>
    public static double TwoSided(double t, int freedom) =>
        double.IsInfinity(t) ? 0 : IncompleteBeta(freedom / 2.0, freedom / (freedom + t * t), t * t / (freedom + t * t));

    /// <summary>The t ≥ 0 with P(|T| ≥ t) = <paramref name="share"/>: 0.05 gives the half width of a 95% interval in standard errors.</summary>
    public static double Critical(double share, int freedom)
    {
        var (low, high) = (0.0, 1.0);
        while (TwoSided(high, freedom) > share) high *= 2;
        for (var middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
        {
            if (TwoSided(middle, freedom) > share) low = middle;
            else high = middle;
        }
        return high;
    }

    // I_x(a, 1/2), the regularised incomplete beta function, by its continued fraction where that converges fast and by I_x(a, b) = 1 − I_{1−x}(b, a)
    // elsewhere (Press et al., Numerical Recipes, 6.4). 1 − x is given besides, for where x is nearly 1.
    private static double IncompleteBeta(double a, double x, double rest) => rest <= 0 ? 1
        : x < (a + 1) / (a + 2.5) ? Front(a, 0.5, x, rest) * Fraction(a, 0.5, x) / a : 1 - Front(0.5, a, rest, x) * Fraction(0.5, a, rest) / 0.5;

    private static double Front(double a, double b, double x, double rest) =>
        Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * Math.Log(rest));

    private static double Fraction(double a, double b, double x)
    {
        const double tiny = 1e-300;
        var (c, d) = (1.0, Inverse(1 - (a + b) * x / (a + 1)));
        var value = d;
        for (var m = 1; m <= 1000; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            (d, c) = (Inverse(1 + even * d), Away(1 + even / c));
            value *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            (d, c) = (Inverse(1 + odd * d), Away(1 + odd / c));
            value *= d * c;
            if (Math.Abs(d * c - 1) < 1e-15) break;
        }
        return value;

        static double Away(double from) => Math.Abs(from) < tiny ? tiny : from;
        static double Inverse(double of) => 1 / Away(of);
    }

    // Exact for the halves of whole numbers, which are all that occur: Γ(z+1) = z·Γ(z) from Γ(1/2) = √π and Γ(1) = 1.
    private static double LogGamma(double z)
    {
        var start = z % 1 == 0 ? 1.0 : 0.5;
        var sum = start == 1 ? 0 : 0.5 * Math.Log(Math.PI);
        for (; start < z; start++) sum += Math.Log(start);
        return sum;
    }
}
