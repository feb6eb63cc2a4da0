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
