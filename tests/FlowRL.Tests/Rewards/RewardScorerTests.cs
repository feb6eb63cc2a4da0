using System.Diagnostics;
using FlowRL.Rewards;
using FlowRL.Rewards.Parts;
using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Tests.Rewards;

[Collection<ThreadPoolTests>]
public sealed class RewardScorerTests
{
    private static readonly Problem Problem = new("p", "p", "p");

    [Fact]
    public async Task Verdicts_are_in_the_order_of_the_responses_however_long_each_takes()
    {
        using var scorer = new RewardScorer(new Judge(async (response, stop) =>
        {
            await Task.Delay(20 - int.Parse(response), stop);
            return Right(response);
        }), TimeSpan.FromSeconds(20), parallelism: 8);
        RolloutGroup[] groups = [GroupOf("0", "7", "3"), GroupOf("19"), GroupOf(), GroupOf("5", "1")];
        var scored = await scorer.ScoreAsync(groups, CancellationToken.None);
        Assert.Equal(groups, scored.Select(group => group.Rollout));
        Assert.Equal(
            [["0", "7", "3"], ["19"], [], ["5", "1"]],
            scored.Select(group => group.Verdicts.Select(verdict => verdict.Answer!).ToArray()));
    }

    [Fact]
    public async Task A_verifier_that_throws_costs_one_response()
    {
        using var scorer = new RewardScorer(new Judge((response, _) => response switch
        {
            "throws" => throw new InvalidOperationException("no such unit"),
            "fails later" => ValueTask.FromException<Verdict>(new TimeoutException("its own")),
            "cancels" => throw new OperationCanceledException("by itself"),
            _ => ValueTask.FromResult(Right(response)),
        }), TimeSpan.FromSeconds(20));
        var scored = await scorer.ScoreAsync(GroupOf("a", "throws", "fails later", "cancels", "b"), CancellationToken.None);
        Assert.Equal(
            [
                Right("a").Reward,
                new Reward.Error("InvalidOperationException: no such unit"),
                new Reward.Error("TimeoutException: its own"),
                new Reward.Error("OperationCanceledException: by itself"),
                Right("b").Reward,
            ],
            scored.Verdicts.Select(verdict => verdict.Reward));
        Assert.All(scored.Verdicts.Skip(1).Take(3), verdict => Assert.False(verdict.IsCorrect));
        Assert.Equal(new RewardCounts(Scores: 2, Errors: 3, Timeouts: 0), RewardCounts.Of([scored]));
        Assert.Equal(0, scorer.Abandoned);
    }

    [Fact]
    public async Task A_verifier_that_hangs_without_awaiting_blocks_neither_the_run_nor_the_thread_pool()
    {
        using var release = new ManualResetEventSlim();
        var limit = TimeSpan.FromMilliseconds(100);
        ThreadPool.GetMinThreads(out var threads, out _);
        using var scorer = new RewardScorer(new Judge((response, _) =>
        {
            if (response == "hangs") release.Wait(CancellationToken.None);
            return ValueTask.FromResult(Right(response));
        }), limit, parallelism: 4);
        var clock = Stopwatch.StartNew();
        var scored = await scorer.ScoreAsync(GroupOf([.. Enumerable.Repeat("hangs", 16), "fine"]), CancellationToken.None);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.3, 10);
        Assert.All(scored.Verdicts.Take(16), verdict => Assert.Equal(new Reward.Timeout(limit), verdict.Reward));
        Assert.Equal("fine", scored.Verdicts[16].Answer);
        Assert.Equal(new RewardCounts(Scores: 1, Errors: 0, Timeouts: 16), RewardCounts.Of([scored]));
        Assert.Equal(16, scorer.Abandoned);
        release.Set();
        await Until(() => scorer.Abandoned == 0);
        scorer.Dispose();
        ThreadPool.GetMinThreads(out var after, out _);
        Assert.Equal(threads, after);
    }

    [Fact]
    public async Task The_token_of_a_verifier_is_cancelled_at_the_limit()
    {
        var stopped = new TaskCompletionSource();
        using var scorer = new RewardScorer(new Judge(async (_, stop) =>
        {
            stop.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, stop);
            return Right("never");
        }), TimeSpan.FromMilliseconds(50));
        var verdict = await scorer.ScoreAsync(new RewardInput(Problem, "x", 1, false), CancellationToken.None);
        Assert.IsType<Reward.Timeout>(verdict.Reward);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await Until(() => scorer.Abandoned == 0);
    }

    [Fact]
    public async Task Waiting_for_a_slot_does_not_count_against_the_limit()
    {
        using var scorer = new RewardScorer(new Judge(async (response, stop) =>
        {
            await Task.Delay(100, stop);
            return Right(response);
        }), TimeSpan.FromSeconds(1), parallelism: 1);
        var scored = await scorer.ScoreAsync(GroupOf([.. Enumerable.Repeat("x", 12)]), CancellationToken.None);
        Assert.Equal(12, RewardCounts.Of([scored]).Scores);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_at_once()
    {
        using var cancel = new CancellationTokenSource();
        using var scorer = new RewardScorer(new Judge(async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return Right("never");
        }), TimeSpan.FromHours(1), parallelism: 1);
        var scoring = scorer.ScoreAsync([GroupOf("a", "b")], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scoring.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private static Verdict Right(string response) => new(new Reward.Score(1), response, response);

    private static RolloutGroup GroupOf(params string[] texts) => new(Problem, [1], [.. texts.Select(text => new Response
    {
        TokenIds = [1],
        LossMask = [true],
        LogProbs = [0],
        SampledLogProbs = [0],
        FinishReason = FinishReason.Stop,
        PolicyVersions = [0],
        Text = text,
    })]);

    private static async Task Until(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition() && clock.Elapsed < TimeSpan.FromSeconds(10)) await Task.Delay(5);
        Assert.True(condition());
    }

    private sealed class Judge(Func<string, CancellationToken, ValueTask<Verdict>> verify) : ITask
    {
        public string Name => "judge";

        public IReadOnlyList<Problem> Problems(Split split) => [Problem];

        public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation) =>
            verify(response, cancellation);

        public int? CountSolutions(Problem problem) => null;
    }
}
