using CsCheck;
using FlowRL.Evaluation;

namespace FlowRL.Tests.Evaluation;

/// <summary>What differences between seeds say, and several claims at once.</summary>
public sealed class StatisticsTests
{
    // From the usual tables, and by closed forms: one degree is Cauchy's, P(|T| ≥ t) = 1 − 2·atan(t)/π; two give 1 − t/√(2 + t²).
    [Theory]
    [InlineData(1, 12.706205)]
    [InlineData(2, 4.302653)]
    [InlineData(4, 2.776445)]
    [InlineData(5, 2.570582)]
    [InlineData(29, 2.045230)]
    [InlineData(1000, 1.962339)]
    public void Critical_values_are_those_of_the_tables(int freedom, double expected) => Assert.Equal(expected, StudentT.Critical(0.05, freedom), 1e-6);

    [Fact]
    public void One_and_two_degrees_have_closed_forms() => Gen.Double[0, 50].Sample(t =>
    {
        Assert.Equal(1 - 2 * Math.Atan(t) / Math.PI, StudentT.TwoSided(t, 1), 1e-10);
        Assert.Equal(1 - t / Math.Sqrt(2 + t * t), StudentT.TwoSided(-t, 2), 1e-10);
    });

    [Fact]
    public void Nothing_is_surer_than_certain()
    {
        Assert.Equal(1, StudentT.TwoSided(0, 3));
        Assert.Equal(0, StudentT.TwoSided(double.PositiveInfinity, 3));
    }

    // 1, 2, 3: mean 2, deviation 1, standard error 1/√3, and 4.302653 of them on either side; t = 2√3 with two degrees.
    [Fact]
    public void The_interval_over_pairs_by_hand()
    {
        var interval = SeedInterval.Of([1, 2, 3])!;
        Assert.Equal(2, interval.Value);
        Assert.Equal(2 - 4.302653 / Math.Sqrt(3), interval.Low, 1e-5);
        Assert.Equal(2 + 4.302653 / Math.Sqrt(3), interval.High, 1e-5);
        Assert.Equal(1 - Math.Sqrt(12) / Math.Sqrt(14), SeedInterval.PValue([1, 2, 3])!.Value, 1e-10);
    }

    [Fact]
    public void One_pair_says_nothing_and_equal_pairs_leave_no_doubt()
    {
        Assert.Null(SeedInterval.Of([1]));
        Assert.Null(SeedInterval.PValue([1]));
        Assert.Equal((new Estimate(2, 2, 2), 0), (SeedInterval.Of([2, 2]), SeedInterval.PValue([2, 2])));
        Assert.Equal(1, SeedInterval.PValue([0, 0]));
    }

    // 0.01, 0.02, 0.03 and 0.005 in a list of four: 4·0.005, 3·0.01, 2·0.02, 1·0.03 raised to the 0.04 before it.
    [Fact]
    public void Holms_values_by_hand()
    {
        Assert.All(Holm.Adjust([0.01, 0.02, 0.03, 0.005]).Zip([0.03, 0.04, 0.04, 0.02]), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        Assert.Equal([1, 1], Holm.Adjust([0.6, 0.9]));
        Assert.Empty(Holm.Adjust([]));
    }

    [Fact]
    public void Adjusted_values_keep_the_order_and_lie_between_the_value_and_bonferronis() => Gen.Double[0, 1].Array[1, 12].Sample(values =>
    {
        var adjusted = Holm.Adjust(values);
        Assert.All(values.Zip(adjusted), pair => Assert.InRange(pair.Second, pair.First, Math.Min(1, values.Length * pair.First) + 1e-12));
        for (var i = 0; i < values.Length; i++)
            for (var j = 0; j < values.Length; j++)
                if (values[i] <= values[j]) Assert.True(adjusted[i] <= adjusted[j]);
    });

    [Fact]
    public void The_bootstraps_p_value_counts_the_rarer_side()
    {
        Assert.Equal(2.0 * (1 + 1) / (9 + 1), Bootstrap.PValue([-1, 1, 2, 3, 4, 5, 6, 7, 8]));
        Assert.Equal(2.0 / 4, Bootstrap.PValue([1, 2, 3]));
        Assert.Equal(1, Bootstrap.PValue([0, 0, 0]));
    }
}
