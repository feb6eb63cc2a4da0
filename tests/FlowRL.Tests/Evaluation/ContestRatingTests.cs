using CsCheck;
using FlowRL.Evaluation;

namespace FlowRL.Tests.Evaluation;

public sealed class ContestRatingTests
{
    [Fact]
    public void Half_of_one_rating_solved_is_that_rating() =>
        Assert.Equal(1500, ContestRating.Estimate([(1500, true), (1500, false), (1500, true), (1500, false)]), 1e-6);

    /// <summary>Ten of eleven solved: odds of ten to one are 400 points, by the definition of the scale.</summary>
    [Fact]
    public void Odds_of_ten_to_one_are_four_hundred_points() =>
        Assert.Equal(1600, ContestRating.Estimate([.. Enumerable.Repeat((1200.0, true), 10), (1200.0, false)]), 1e-6);

    [Fact]
    public void Nothing_and_everything_are_the_ends()
    {
        Assert.Equal(ContestRating.Lowest, ContestRating.Estimate([(1500, false)]), 1e-3);
        Assert.Equal(ContestRating.Highest, ContestRating.Estimate([(1500, true)]), 1e-3);
        Assert.Equal(double.NaN, ContestRating.Estimate([]));
    }

    [Fact]
    public void Solving_one_more_raises_the_estimate() => Gen.Double[800, 3500].Select(Gen.Bool, (rating, solved) => (rating, solved)).List[2, 40]
        .Where(attempts => attempts.Exists(attempt => !attempt.solved)).Sample(attempts =>
        {
            var failed = attempts.FindIndex(attempt => !attempt.solved);
            var more = attempts.ToList();
            more[failed] = (more[failed].rating, true);
            return ContestRating.Estimate(more) > ContestRating.Estimate(attempts);
        });

    [Fact]
    public void The_percentile_is_the_share_of_people_below() =>
        Assert.Equal(0.75, ContestRating.Percentile(1500, new Dictionary<int, int> { [1000] = 2, [1400] = 1, [1500] = 1 }));
}
