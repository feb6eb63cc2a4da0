using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Rewards;

public sealed class FailedRewardsTests : IDisposable
{
    private static readonly Problem Problem = new("p", "", "");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_resumed_run_knows_what_failed_at_each_step()
    {
        var path = _folder.In("failed.jsonl");
        var before = new FailedRewards(path);
        before.Add(3, 0, 1, Problem, Of(1, 2), new Reward.Timeout(TimeSpan.FromSeconds(2)));
        before.Add(3, 0, 2, Problem, Of(1, 3), new Reward.Error("broken\nline"));
        Assert.Null(before.Find(3, 0, 1, Of(1, 2))); // only what an earlier process recorded is repeated

        var after = new FailedRewards(path);
        Assert.Equal(new Reward.Timeout(TimeSpan.FromSeconds(2)), after.Find(3, 0, 1, Of(1, 2)));
        Assert.Equal(new Reward.Error("broken\nline"), after.Find(3, 0, 2, Of(1, 3)));
        Assert.Null(after.Find(4, 0, 1, Of(1, 2)));
        Assert.Null(after.Find(3, 1, 1, Of(1, 2)));
        Assert.Null(after.Find(3, 0, 1, Of(1, 4)));
    }

    [Fact]
    public void Of_two_equal_responses_only_the_one_that_failed_is_repeated()
    {
        var path = _folder.In("failed.jsonl");
        new FailedRewards(path).Add(3, 5, 1, Problem, Of(1, 2), new Reward.Error("broken"));
        var after = new FailedRewards(path);
        Assert.Null(after.Find(3, 5, 0, Of(1, 2)));
        Assert.NotNull(after.Find(3, 5, 1, Of(1, 2)));
    }

    [Fact]
    public void A_line_that_a_kill_cut_off_is_dropped_and_others_are_not()
    {
        var path = _folder.In("failed.jsonl");
        new FailedRewards(path).Add(1, 0, 0, Problem, Of(1), new Reward.Error("a"));
        File.AppendAllText(path, "{\"step\":2,\"prob");
        new FailedRewards(path).Add(2, 0, 0, Problem, Of(2), new Reward.Error("b"));
        var read = new FailedRewards(path);
        Assert.Equal(new Reward.Error("a"), read.Find(1, 0, 0, Of(1)));
        Assert.Equal(new Reward.Error("b"), read.Find(2, 0, 0, Of(2)));
    }

    [Fact]
    public void A_damaged_line_is_named()
    {
        var path = _folder.Write("failed.jsonl", "{}\n");
        Assert.Equal($"{path}:1: not a record of a failed reward; remove the line.", Assert.Throws<BadInputException>(() => new FailedRewards(path)).Message);
    }

    private static Response Of(params int[] ids) => new()
    {
        TokenIds = ids,
        LossMask = new bool[ids.Length],
        LogProbs = new float[ids.Length],
        FinishReason = FinishReason.Stop,
        PolicyVersions = [0],
        Text = "",
    };
}
