using FlowRL.Objectives;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Training;

/// <summary>
/// The first half of a step: problems, rollouts, rewards. With a lag of one step the batch of step t + 1 is sampled beside the update of
/// step t, by a copy of the policy as it was before that update: always exactly one update behind, so that a run stays reproducible.
/// </summary>
/// <remarks>Which problems and which tokens a step draws depends on the seed and the step alone.</remarks>
internal sealed class RolloutStage : IDisposable
{
    private readonly IRolloutEngine _engine;
    private readonly BehaviourPolicy _behaviour;
    private readonly TrainingProblems _problems;
    private readonly RewardScorer _scorer;
    private readonly IObjective _objective;
    private readonly StepOptions _options;
    private readonly CancellationTokenSource _end = new(); // of sampling ahead
    private (int Step, Task<Rollout> Batch)? _ahead;

    /// <param name="engine">Samples; owned.</param>
    /// <param name="behaviour">The policies that it may sample with; owned.</param>
    /// <param name="problems">What it samples for.</param>
    /// <param name="scorer">Verifies; owned.</param>
    /// <param name="objective">Which may prefer problems, or refuse groups.</param>
    /// <param name="options">Of the step.</param>
    public RolloutStage(IRolloutEngine engine, BehaviourPolicy behaviour, TrainingProblems problems, RewardScorer scorer, IObjective objective,
        StepOptions options) =>
        (_engine, _behaviour, _problems, _scorer, _objective, _options) = (engine, behaviour, problems, scorer, objective, options);

    /// <summary>Whether the engine's log-probabilities are those of the trainer, but for the last bits.</summary>
    public bool IsExact => _engine.Promises.LogProbs == LogProbQuality.Exact;

    /// <summary>Whether what is sampled depends on the seed and the step alone.</summary>
    public bool HasOwnSeeds => _engine.Promises.OwnSeeds;

    /// <summary>Where failing verifications are recorded and repeated from; null records none.</summary>
    public FailedRewards? Failed { get; set; }

    /// <summary>Sees to it that failing rewards are noticed; null where nobody does.</summary>
    public RewardWatch? Watch { get; set; }

    /// <summary>The policies that may have sampled, which resuming needs.</summary>
    public BehaviourPolicy Behaviour => _behaviour;

    /// <summary>The batch of a step. Nothing is changed by it: cancelled, it can be asked for again.</summary>
    /// <param name="step">From 0; steps are asked for in order.</param>
    /// <param name="policy">The policy that is trained.</param>
    /// <param name="cancellation">Ends sampling and scoring; a batch that is sampled ahead ends with <see cref="Dispose"/> instead.</param>
    public Rollout At(int step, TrainedPolicy policy, CancellationToken cancellation)
    {
        if (_options.Rollout.Lag > 0 && _behaviour.CopyVersion is null) _behaviour.Copy(policy.Version);
        if (_ahead is not { } ahead || ahead.Step != step) return Sample(step, policy.Version, cancellation);
        return ahead.Batch.WaitAsync(cancellation).GetAwaiter().GetResult();
    }

    /// <summary>Says that the updates of a step begin: what may be needed of the policy as it is now is kept, and with a lag the next batch is begun.</summary>
    public void BeginUpdates(int step, TrainedPolicy policy)
    {
        _behaviour.Copy(policy.Version);
        _ahead = null;
        if (_options.Rollout.Lag == 0 || step + 1 >= _options.Training.Steps) return;
        var version = policy.Version;
        _ahead = (step + 1, TensorThread.RunAsync(_options.Threads, () => Sample(step + 1, version, _end.Token)));
    }

    /// <summary>A batch that is sampled ahead is given up: a resumed run samples it again, from the same seeds.</summary>
    public void Dispose()
    {
        _end.Cancel();
        try
        {
            _ahead?.Batch.Wait(); // it reads what is disposed here
        }
        catch (AggregateException)
        {
            // Nobody asks for this batch any more, nor for why it failed.
        }
        _end.Dispose();
        _engine.Dispose();
        _scorer.Dispose();
        _behaviour.Dispose();
    }

    private Rollout Sample(int step, long current, CancellationToken cancellation)
    {
        // A policy that is a step behind is the copy; else the one that is trained.
        _engine.SynchroniseAsync(_options.Rollout.Lag > 0 ? _behaviour.Latest : _problems.Policy,
            _options.Rollout.Lag > 0 ? _behaviour.CopyVersion!.Value : current, cancellation).GetAwaiter().GetResult();
        var statistics = new SamplingStatistics(0, 0, 0, TimeSpan.Zero);
        ScoredGroup[] Score(IReadOnlyList<Problem> problems, int first)
        {
            (var groups, statistics) = SampleAndScore(problems, step, first, cancellation);
            return groups;
        }
        var own = Score(_objective is IProblemPriority { Prioritises: true } priority
            ? _problems.Order.Draw(step, priority.Weight) : _problems.Order.At(step), 0);
        var (kept, sampled) = _objective is IGroupFilter filter ? GroupRefill.Fill(filter, own, _problems.Order, step, Score) : (own, own);
        var samples = kept.SelectMany((group, i) => RewardPolicy.ToSamples(group, new GroupId(step, i), _options.Rollout)).ToList();
        var versions = kept.SelectMany(group => group.Rollout.Responses).Select(response => response.PolicyVersions).ToList();
        return new Rollout(kept, sampled,
            _behaviour.WithLogProbs(samples, versions, current, _engine.Promises, _options, cancellation), statistics);
    }

    /// <summary>Scoring of a response starts as soon as it is sampled and runs beside the sampling of the others.</summary>
    private (ScoredGroup[] Groups, SamplingStatistics Statistics) SampleAndScore(
        IReadOnlyList<Problem> problems, int step, int first, CancellationToken cancellation)
    {
        var requests = problems.Select((problem, i) => new SampleRequest(
            problem, _problems.PromptIds(problem), _options.Rollout.GroupSize, Seeds.Derive(_options.Seed, "rollout", step, first + i))).ToList();
        var scoring = new ScoringObserver(_scorer, requests, cancellation, Failed is null
            ? null : (request, sample, response) => Failed.Find(step, first + request, sample, response));
        var statistics = _engine.SampleAsync(requests, _options.Rollout.Sampling, scoring, cancellation).GetAwaiter().GetResult();
        var groups = scoring.Wait();
        // Before failures are recorded: a run that ends here asks again for the rewards of this step when it is resumed.
        Watch?.See($"step {step + 1}", groups);
        if (Failed is not null) Record(groups, step, first, Failed);
        return (groups, statistics);
    }

    private static void Record(IEnumerable<ScoredGroup> groups, int step, int first, FailedRewards failed)
    {
        foreach (var (i, group) in groups.Index())
        {
            foreach (var (sample, (response, verdict)) in group.Rollout.Responses.Zip(group.Verdicts).Index())
            {
                if (verdict.Reward is not Reward.Score && failed.Find(step, first + i, sample, response) is null)
                    failed.Add(step, first + i, sample, group.Rollout.Problem, response, verdict.Reward);
            }
        }
    }
}
