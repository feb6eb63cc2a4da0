using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Rewards;

public sealed class ScoringObserverTests
{
    [Fact]
    public void Sampling_does_not_wait_for_verdicts()
    {
        using var policy = TinyModels.Create(TinyModels.Config());
        using var sampler = new Sampler(policy, new IdTokenizer(23), slots: 4);
        var task = new PatientTask();
        using var scorer = new RewardScorer(task, TimeSpan.FromMinutes(5));
        var requests = Enumerable.Range(0, 6).Select(i => new SampleRequest(new Problem($"{i}", "", ""), [3 + i], 3, Seeds.Derive(7, "r", i))).ToList();
        var scoring = new ScoringObserver(scorer, requests, TestContext.Current.CancellationToken);

        // No verdict is given before this returns, so if it waited for one it never would.
        sampler.Sample(requests, new SamplingOptions { MaxNewTokens = 10 }, scoring, TestContext.Current.CancellationToken);
        task.Release();

        Assert.All(scoring.Wait().SelectMany(group => group.Verdicts), verdict => Assert.Equal(new Reward.Score(1), verdict.Reward));
    }

    [Fact]
    public async Task Scored_groups_are_handed_on_in_order_while_others_are_sampled_and_not_kept()
    {
        using var policy = TinyModels.Create(TinyModels.Config());
        using var sampler = new Sampler(policy, new IdTokenizer(23), slots: 4);
        var task = new PatientTask();
        task.Release();
        using var scorer = new RewardScorer(task, TimeSpan.FromMinutes(5));
        var requests = Enumerable.Range(0, 300).Select(i => new SampleRequest(new Problem($"{i}", "", ""), [3 + i % 20], 2, Seeds.Derive(7, "r", i))).ToList();
        var came = new List<ScoredGroup>();
        var scoring = new ScoringObserver(scorer, requests, TestContext.Current.CancellationToken, each: came.Add);

        await sampler.SampleAsync(requests, new SamplingOptions { MaxNewTokens = 3 }, scoring, TestContext.Current.CancellationToken);
        Assert.InRange(came.Count, 300 - 257, 300); // as many as may wait are left at most
        Assert.Empty(scoring.Wait());
        Assert.Equal(requests.Select(request => request.Problem.Id), came.Select(group => group.Rollout.Problem.Id));
        Assert.All(came, group => Assert.Equal((2, 2), (group.Verdicts.Count, group.Rollout.Responses.Count)));
    }

    /// <summary>Judges when it is told to.</summary>
    private sealed class PatientTask : ITask
    {
        private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "patient";

        public void Release() => _told.SetResult();

        public IReadOnlyList<Problem> Problems(Split split) => [];

        public int? CountSolutions(Problem problem) => null;

        public async ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation)
        {
            await _told.Task.WaitAsync(cancellation);
            return new Verdict(new Reward.Score(1), response, response);
        }
    }
}
