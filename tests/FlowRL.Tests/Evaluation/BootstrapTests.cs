using FlowRL.Evaluation;

namespace FlowRL.Tests.Evaluation;

public sealed class BootstrapTests
{
    // The mean of 400 fair coins has standard error 0.5 / sqrt(400) = 0.025; the normal interval is the mean plus and minus 1.96 of it.
    [Fact]
    public void The_interval_of_many_coins_is_that_of_the_normal_approximation()
    {
        var coins = Enumerable.Range(0, 400).Select(i => i % 2.0).ToArray();
        var estimate = Assert.Single(Bootstrap.Means([coins], seed: 3));
        Assert.Equal(0.5, estimate.Value);
        Assert.Equal(0.5 - 1.96 * 0.025, estimate.Low, 0.005);
        Assert.Equal(0.5 + 1.96 * 0.025, estimate.High, 0.005);
    }

    // 60 independent samples of 200 draws from Bernoulli(0.3): about 57 intervals hold 0.3, and fewer than 51 with probability under 1%.
    [Fact]
    public void About_95_percent_of_intervals_hold_the_true_mean()
    {
        var holding = Enumerable.Range(0, 60).Count(trial =>
        {
            var draws = Enumerable.Range(0, 200).Select(i => Seeds.Uniform(Seeds.Derive(9, "trial", trial), i) < 0.3 ? 1.0 : 0.0).ToArray();
            var estimate = Bootstrap.Means([draws], (ulong)trial)[0];
            return estimate.Low <= 0.3 && estimate.High >= 0.3;
        });
        Assert.InRange(holding, 51, 60);
    }

    [Fact]
    public void Equal_seeds_give_equal_intervals_and_others_do_not()
    {
        double[] values = [0, 0.1, 0.25, 0.7, 0.9, 1];
        Assert.Equal(Bootstrap.Means([values], 5), Bootstrap.Means([values], 5));
        Assert.NotEqual(Bootstrap.Means([[.. Enumerable.Range(0, 500).Select(i => (double)i * i)]], 5),
            Bootstrap.Means([[.. Enumerable.Range(0, 500).Select(i => (double)i * i)]], 6));
    }

    [Fact]
    public void A_column_that_is_never_smaller_has_bounds_that_are_never_smaller()
    {
        var small = Enumerable.Range(0, 50).Select(i => Seeds.Uniform(1, i)).ToArray();
        var large = small.Select((value, i) => value + Seeds.Uniform(2, i) / 100).ToArray();
        var estimates = Bootstrap.Means([small, large], 7);
        Assert.True(estimates[0].Low <= estimates[1].Low && estimates[0].High <= estimates[1].High);
    }

    [Fact]
    public void One_problem_has_an_empty_interval() => Assert.Equal(new Estimate(0.25, 0.25, 0.25), Bootstrap.Means([[0.25]], 1)[0]);
}
