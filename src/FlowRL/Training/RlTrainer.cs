using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Rewards;

namespace FlowRL.Training;

/// <summary>
/// Reinforcement learning with any <see cref="IObjective"/>. <see cref="Step"/> is the whole algorithm, in the order of the data:
/// problems, rollouts, rewards, reference, credit, updates. It sees no recipe: <c>TrainRun</c> makes its parts.
/// </summary>
public sealed class RlTrainer : ITrainer
{
    private readonly TrainedPolicy _policy;
    private readonly IObjective _objective;
    private readonly RolloutStage _rollouts;
    private readonly ScoringStage _scoring;
    private readonly ReplayBuffer _replay;
    private readonly UpdateStage _updates;
    private readonly Validation _validation;
    private readonly StepOptions _options;

    /// <param name="policy">What is trained; borrowed.</param>
    /// <param name="reference">The frozen reference; borrowed. Must not be the policy itself.</param>
    /// <param name="objective">The algorithm.</param>
    /// <param name="rollouts">Gives each step its batch; borrowed.</param>
    /// <param name="replay">Earlier groups to learn from again.</param>
    /// <param name="validation">Measures the same policy.</param>
    /// <param name="options">What a step has to know of its recipe.</param>
    internal RlTrainer(TrainedPolicy policy, Decoder reference, IObjective objective, RolloutStage rollouts, ReplayBuffer replay, Validation validation,
        StepOptions options)
    {
        if (ReferenceEquals(policy.Decoder, reference))
        {
            throw new ArgumentException("The reference is the policy itself and would move with it; load the weights a second time.", nameof(reference));
        }
        (_policy, _objective, _rollouts, _replay, _validation, _options) = (policy, objective, rollouts, replay, validation, options);
        _scoring = new ScoringStage(policy, reference, objective.Needs, options);
        _updates = new UpdateStage(policy, objective, options);
    }

    /// <summary>Tells of each step's scored rollouts, for logs; steps count from 1.</summary>
    public event Action<int, IReadOnlyList<ScoredGroup>>? Sampled;

    /// <summary>One step of reinforcement learning: sample, score, compare with the reference, assign credit, update.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="cancellation">
    /// Ends the step until its updates begin, and nothing has changed then; after that it is finished, so that there is always a whole number of steps.
    /// </param>
    /// <returns>The step's metrics.</returns>
    public IReadOnlyDictionary<string, double> Step(int step, CancellationToken cancellation)
    {
        var metrics = new Metrics();
        var rollout = metrics.Time("sampling", () => _rollouts.At(step, _policy, cancellation));
        RolloutMetrics.Add(metrics, rollout);
        Sampled?.Invoke(step + 1, rollout.Groups);

        var fresh = metrics.Time("scoring", () => _scoring.WithReference(rollout.Samples, cancellation));
        var replayed = _replay.Draw(Seeds.Derive(_options.Seed, "replay", step), _policy.Version).SelectMany(group => group);
        var scored = metrics.Time("scoring", () => _scoring.WithPolicy([.. fresh, .. replayed], _rollouts.IsExact, cancellation));

        _rollouts.BeginUpdates(step, _policy);
        var batch = WithCredit(scored, step, metrics);
        _updates.Apply(batch, step, metrics);
        (_objective as IDriftObserver)?.ObserveDrift(PolicyDrift.Of(
            _policy.Decoder, [.. batch.Take(_options.Training.MiniBatch)], _options.Temperature, _options.Training.TokenBudget));
        _replay.Add(fresh.GroupBy(sample => sample.Group).Select(group => group.ToList()));
        return metrics.Values();
    }

    public string ScoredBy => _validation.ScoredBy;

    public IReadOnlyDictionary<string, double> Validate(int step, CancellationToken cancellation) => _validation.Measure(_policy, cancellation);

    public void Save(string folder)
    {
        TrainerState.Save(folder, _policy.Model, _policy.Optimizer, _policy.Heads().Concat(_rollouts.Behaviour.State()));
        _replay.Save(TrainerState.ReplayPath(folder));
        ObjectiveState.Save(TrainerState.ObjectivePath(folder), _objective);
    }

    public void Restore(string folder)
    {
        TrainerState.Restore(folder, _policy.Model, _policy.Optimizer, _policy.Heads().Concat(_rollouts.Behaviour.State()));
        _replay.Restore(TrainerState.ReplayPath(folder), _policy.Model.Decoder.Config.DrawnTokens);
        ObjectiveState.Restore(TrainerState.ObjectivePath(folder), _objective);
    }

    private IReadOnlyList<TrainingSample> WithCredit(IReadOnlyList<TrainingSample> samples, int step, Metrics metrics)
    {
        var groups = samples.Select(sample => sample.Group).Distinct().Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var assigned = _objective.AssignCredit([.. samples.Select(sample => new CreditInput(groups[sample.Group], sample.Reward,
            sample.IsTruncated, sample.BehaviourLogProbs, sample.ReferenceLogProbs, sample.Values)
        {
            ProximalLogProbs = sample.ProximalLogProbs,
            LossMask = sample.LossMask,
            IsScored = sample.IsScored,
            Problem = sample.Problem,
            Solution = sample.Solution,
            IsCorrect = sample.IsCorrect,
            Answer = sample.Answer,
            Form = sample.Form,
            IsReplayed = sample.Group.Step < step,
            Progress = _options.Training.ProgressAt(step),
        })]);
        metrics.Add(assigned.Metrics, 1);
        foreach (var sample in samples)
        {
            metrics.Add("staleness", _policy.Version - sample.PolicyVersion);
            metrics.Add("staleness_max", _policy.Version - sample.PolicyVersion);
        }
        return [.. samples.Select((sample, i) => sample with { Credit = assigned.Credits[i] })];
    }
}
