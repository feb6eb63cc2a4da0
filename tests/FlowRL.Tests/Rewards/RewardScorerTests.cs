using FlowRL.Rewards;
using FlowRL.Rewards.Parts;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Rewards;

[Collection<ThreadPoolTests>]
public sealed class RewardScorerTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromMinutes(1);
    private static readonly Problem Problem = new("p", "p", "p");

    [Fact]
    public async Task Verdicts_are_in_the_order_of_the_responses_whichever_comes_first()
    {
        var gates = new[] { "0", "7", "3", "19", "5", "1" }.ToDictionary(response => response, _ => new TaskCompletionSource());
        using var scorer = new RewardScorer(new Judge(async (response, stop) =>
        {
            await gates[response].Task.WaitAsync(stop);
            return Right(response);
        }), Generous, parallelism: 8);
        RolloutGroup[] groups = [GroupOf("0", "7", "3"), GroupOf("19"), GroupOf(), GroupOf("5", "1")];
        var scoring = scorer.ScoreAsync(groups, CancellationToken.None);
        foreach (var last in new[] { "1", "19", "3", "5", "7", "0" }) gates[last].SetResult();
        var scored = await scoring;
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
        }), Generous);
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
        Assert.Equal(new RewardCounts(Scores: 2, Errors: 3, Timeouts: 0, Undecided: 0), RewardCounts.Of([scored]));
        Assert.Equal(0, scorer.Abandoned);
    }

    [Fact]
    public async Task A_verifier_that_hangs_without_awaiting_blocks_neither_the_run_nor_the_thread_pool()
    {
        using var release = new ManualResetEventSlim();
        var (limit, clock) = (TimeSpan.FromSeconds(5), new ManualClock());
        ThreadPool.GetMinThreads(out var threads, out _);
        using var scorer = new RewardScorer(new Judge((response, _) =>
        {
            if (response == "hangs") release.Wait(CancellationToken.None);
            return ValueTask.FromResult(Right(response));
        }), limit, parallelism: 4, clock: clock);
        var scoring = scorer.ScoreAsync(GroupOf([.. Enumerable.Repeat("hangs", 16), "fine"]), CancellationToken.None);
        for (var round = 0; round < 4; round++)
        {
            await clock.Timers(4).WaitAsync(Generous);
            clock.Advance(limit);
        }
        var scored = await scoring.WaitAsync(Generous);
        Assert.All(scored.Verdicts.Take(16), verdict => Assert.Equal(new Reward.Timeout(limit), verdict.Reward));
        Assert.Equal("fine", scored.Verdicts[16].Answer);
        Assert.Equal(new RewardCounts(Scores: 1, Errors: 0, Timeouts: 16, Undecided: 0), RewardCounts.Of([scored]));
        Assert.Equal(16, scorer.Abandoned);
        ThreadPool.GetMinThreads(out var during, out _);
        Assert.Equal(threads + 4 + 16, during); // one for each that may run, one for each that is held
        release.Set();
        Assert.True(await Eventually.IsTrue(() => scorer.Abandoned == 0));
        scorer.Dispose();
        ThreadPool.GetMinThreads(out var after, out _);
        Assert.Equal(threads, after);
    }

    [Fact]
    public async Task The_token_of_a_verifier_is_cancelled_at_the_limit()
    {
        var (stopped, clock) = (new TaskCompletionSource(), new ManualClock());
        using var scorer = new RewardScorer(new Judge(async (_, stop) =>
        {
            stop.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, stop);
            return Right("never");
        }), TimeSpan.FromSeconds(5), clock: clock);
        var scoring = scorer.ScoreAsync(new RewardInput(Problem, "x", 1, false), CancellationToken.None);
        await clock.Timers(1).WaitAsync(Generous);
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(stopped.Task.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(new Reward.Timeout(TimeSpan.FromSeconds(5)), (await scoring.WaitAsync(Generous)).Reward);
        await stopped.Task.WaitAsync(Generous);
        Assert.True(await Eventually.IsTrue(() => scorer.Abandoned == 0));
    }

    // Each takes nine tenths of the limit, so that the last one has waited for ten limits.
    [Fact]
    public async Task Waiting_for_a_slot_does_not_count_against_the_limit()
    {
        var clock = new ManualClock();
        using var scorer = new RewardScorer(new Judge(async (response, stop) =>
        {
            await clock.Timers(1).WaitAsync(stop);
            clock.Advance(TimeSpan.FromSeconds(0.9));
            return Right(response);
        }), TimeSpan.FromSeconds(1), parallelism: 1, clock: clock);
        var scored = await scorer.ScoreAsync(GroupOf([.. Enumerable.Repeat("x", 12)]), CancellationToken.None).WaitAsync(Generous);
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
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scoring.WaitAsync(Generous));
    }

    private static Verdict Right(string response) => new(new Reward.Score(1), response, response);

    private static RolloutGroup GroupOf(params string[] texts) => new(Problem, [1], [.. texts.Select(text => new Response
    {
        TokenIds = [1],
        LossMask = [true],
        LogProbs = [0],
        FinishReason = FinishReason.Stop,
        PolicyVersions = [0],
        Text = text,
    })]);

    private sealed class Judge(Func<string, CancellationToken, ValueTask<Verdict>> verify) : ITask
    {
        public string Name => "judge";

        public IReadOnlyList<Problem> Problems(Split split) => [Problem];

        public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation) =>
            verify(response, cancellation);

        public int? CountSolutions(Problem problem) => null;
    }
}
