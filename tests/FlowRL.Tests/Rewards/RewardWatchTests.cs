using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Rewards;

public sealed class RewardWatchTests
{
    private static readonly Reward Right = new Reward.Score(1);
    private static readonly Reward Broken = new Reward.Error("InvalidDataException: the program ended: broken\nIt wrote:\nline 1\nbroken");

    [Fact]
    public void The_first_failure_is_told_with_what_was_written_and_no_other()
    {
        var log = new RecordedLog();
        var watch = new RewardWatch(log);
        watch.See("step 1", Batch(Right, Right));
        watch.See("step 2", Batch(Right, Broken));
        watch.See("step 3", Batch(Broken, Right));
        Assert.Equal(
            ["Warning: reward: the first failure, on a response to problem 'p1' in step 2: InvalidDataException: the program ended: broken\n" +
                "It wrote:\nline 1\nbroken"], log.Lines);
    }

    [Fact]
    public void A_first_batch_that_fails_as_a_whole_ends_the_run()
    {
        var watch = new RewardWatch(new RecordedLog());
        var failure = Assert.Throws<RewardsFailedException>(() => watch.See("step 1", Batch(new Reward.Timeout(TimeSpan.FromSeconds(1.5)), Broken)));
        Assert.Equal("All 2 rewards of step 1 failed, the first, of problem 'p0', with: no answer within 1.5 s", failure.Message);
    }

    [Fact]
    public void Where_others_were_scored_three_in_a_row_end_it()
    {
        var watch = new RewardWatch(new RecordedLog());
        watch.See("step 1", Batch(Right));
        watch.See("step 2", Batch(Broken));
        watch.See("step 3", Batch(Broken));
        watch.See("step 4", Batch(Broken, Right));
        watch.See("step 5", Batch(Broken));
        watch.See("step 6", Batch(Broken));
        Assert.StartsWith("All 1 rewards of step 7 failed", Assert.Throws<RewardsFailedException>(() => watch.See("step 7", Batch(Broken))).Message, StringComparison.Ordinal);
    }

    private static ScoredGroup[] Batch(params Reward[] rewards) =>
        [.. rewards.Select((reward, i) => new ScoredGroup(new RolloutGroup(new Problem($"p{i}", "", ""), [], []), [Verdict.Unanswered(reward)]))];
}
