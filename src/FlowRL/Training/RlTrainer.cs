using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Tasks;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>
/// Reinforcement learning with any <see cref="IObjective"/>. <see cref="Step"/> is the whole algorithm, in the order of the data:
/// problems, rollouts, rewards, reference, credit, updates.
/// </summary>
public sealed class RlTrainer : ITrainer, IDisposable
{
    private readonly LanguageModel _model;
    private readonly Decoder _reference;
    private readonly TrainRecipe _recipe;
    private readonly IObjective _objective;
    private readonly ulong _seed;
    private readonly RolloutStage _rollouts;
    private readonly Evaluator _evaluator;
    private readonly ReplayBuffer _replay;
    private readonly PartitionFunction? _partition;
    private readonly ValueHead? _critic;
    private readonly AdamW _optimizer;
    private readonly Updater _updater;
    private readonly ExactValidation? _exact;

    /// <param name="model">The policy; borrowed.</param>
    /// <param name="reference">The frozen reference; borrowed. Must not be the policy itself.</param>
    /// <param name="task">Problems and verification.</param>
    /// <param name="recipe">A validated recipe.</param>
    /// <param name="evaluator">Measures the same policy on validation problems.</param>
    public RlTrainer(LanguageModel model, Decoder reference, ITask task, TrainRecipe recipe, Evaluator evaluator)
    {
        if (ReferenceEquals(model.Decoder, reference))
        {
            throw new ArgumentException("The reference is the policy itself and would move with it; load the weights a second time.", nameof(reference));
        }
        (_model, _reference, _recipe, _evaluator) = (model, reference, recipe, evaluator);
        _objective = recipe.Objective.Create();
        _seed = (ulong)recipe.Run.Seed;
        _rollouts = new RolloutStage(model, task, recipe, _objective);
        _replay = new ReplayBuffer(recipe.Training.Replay);
        _optimizer = new AdamW(recipe.Training.Optimizer);
        _optimizer.AddGroup("policy.", model.Decoder.Trainable, 1);
        if (_objective.Needs.HasFlag(ObjectiveNeeds.LogPartition))
        {
            _partition = new PartitionFunction(model.Decoder.Config.Width, _objective.Partition, model.Decoder.Device, Seeds.Derive(_seed, "log Z"));
            _optimizer.AddGroup("log_z.", _partition.Weights, _objective.Partition.LearningRateFactor);
        }
        if (_objective.Needs.HasFlag(ObjectiveNeeds.Values))
        {
            _critic = new ValueHead(model.Decoder.Config.Width, _objective.Critic, model.Decoder.Device);
            _optimizer.AddGroup("critic.", _critic.Weights, _objective.Critic.LearningRateFactor);
        }
        _updater = new Updater(_optimizer, recipe.Training.Optimizer, (long)recipe.Training.Steps * UpdatesPerStep);
        _exact = recipe.Evaluation.ExactBeta is null ? null : new ExactValidation(model, reference, task, recipe);
    }

    /// <summary>Tells of each step's scored rollouts, for logs; steps count from 1.</summary>
    public event Action<int, IReadOnlyList<ScoredGroup>>? Sampled;

    /// <summary>Where responses are recorded that the verifier failed on, and from where a resumed run repeats them; null records none.</summary>
    public FailedRewards? Failed
    {
        get => _rollouts.Failed;
        set => _rollouts.Failed = value;
    }

    /// <summary>Training problems whose prompts are longer than the recipe allows, and which it skips.</summary>
    public int SkippedPrompts => _rollouts.SkippedPrompts;

    private int UpdatesPerStep => _recipe.Training.Passes *
        ((_recipe.Rollout.Problems + _recipe.Training.Replay.Groups) * _recipe.Rollout.GroupSize / _recipe.Training.MiniBatch);

    /// <summary>One step of reinforcement learning: sample, score, compare with the reference, assign credit, update.</summary>
    public IReadOnlyDictionary<string, double> Step(int step, CancellationToken cancellation)
    {
        var metrics = new Metrics();
        var rollout = metrics.Time("sampling", () => _rollouts.At(step, _optimizer.Steps, cancellation));
        RolloutMetrics.Add(metrics, rollout);
        Sampled?.Invoke(step + 1, rollout.Groups);

        var fresh = metrics.Time("scoring", () => WithReference(rollout.Samples, cancellation));
        var replayed = _replay.Draw(Seeds.Derive(_seed, "replay", step), _optimizer.Steps).SelectMany(group => group);
        var known = metrics.Time("scoring", () => WithValues(WithStartLogProbs([.. fresh, .. replayed], cancellation), cancellation));
        var batch = WithCredit(known, step, metrics);

        for (var pass = 0; pass < _recipe.Training.Passes; pass++)
        {
            foreach (var miniBatch in MiniBatchesOf(batch, Seeds.Derive(_seed, "mini-batch", step, pass)))
            {
                Update([.. miniBatch.Select(index => batch[index])], step, metrics, cancellation);
            }
        }
        (_objective as IDriftObserver)?.ObserveDrift(PolicyDrift.Of(_model.Decoder, [.. batch.Take(_recipe.Training.MiniBatch)],
            _recipe.TrainingTemperature, _recipe.Training.TokenBudget, cancellation));
        _replay.Add(fresh.GroupBy(sample => sample.Group).Select(group => group.ToList()));
        return metrics.Values();
    }

    public IReadOnlyDictionary<string, double> Validate(int step, CancellationToken cancellation)
    {
        var options = _recipe.Evaluation;
        var problems = _evaluator.Problems(Split.Validation, options.ValidationProblems);
        var report = _evaluator.Evaluate(problems, options.ValidationSamples, Seeds.Derive(_seed, "validation"), cancellation);
        var metrics = new Dictionary<string, double>(_exact?.Measure(_partition, cancellation) ?? new Dictionary<string, double>())
        {
            ["validation_accuracy"] = report.Accuracy,
            ["validation_distinct"] = report.DistinctCorrect,
        };
        metrics["validation_score"] = metrics.TryGetValue("exact_kl", out var kl) ? -kl : report.Accuracy;
        return metrics;
    }

    public void Save(string folder)
    {
        TrainerState.Save(folder, _model, _optimizer, State());
        _replay.Save(TrainerState.ReplayPath(folder));
        ObjectiveState.Save(TrainerState.ObjectivePath(folder), _objective);
    }

    public void Restore(string folder)
    {
        TrainerState.Restore(folder, _model, _optimizer, State());
        _replay.Restore(TrainerState.ReplayPath(folder));
        ObjectiveState.Restore(TrainerState.ObjectivePath(folder), _objective);
    }

    public void Dispose()
    {
        _rollouts.Dispose();
        _optimizer.Dispose();
        _partition?.Dispose();
        _critic?.Dispose();
    }

    /// <summary>Old log-probabilities of the policy as it is now, where the objective tells it from the sampler.</summary>
    private IReadOnlyList<TrainingSample> WithStartLogProbs(IReadOnlyList<TrainingSample> samples, CancellationToken cancellation)
    {
        if (!_objective.Needs.HasFlag(ObjectiveNeeds.StartLogProbs)) return samples;
        var isSampler = _rollouts.IsExact && _recipe.TrainingTemperature == _recipe.Rollout.Sampling.Temperature;
        bool IsKnown(TrainingSample sample) => isSampler && sample.PolicyVersion == _optimizer.Steps;
        var scores = new Queue<float[]>(LogProbScorer.Score(_model.Decoder, Sequences([.. samples.Where(sample => !IsKnown(sample))]),
            _recipe.TrainingTemperature, _recipe.Training.TokenBudget, cancellation));
        return [.. samples.Select(sample => IsKnown(sample) ? sample : sample with { OldLogProbs = scores.Dequeue() })];
    }

    private IReadOnlyList<TrainingSample> WithReference(IReadOnlyList<TrainingSample> samples, CancellationToken cancellation)
    {
        if (!_objective.Needs.HasFlag(ObjectiveNeeds.Reference)) return samples;
        // Before the first update the policy is the reference, and has scored its samples already.
        if (_optimizer.Steps == 0 && _recipe.TrainingTemperature == _recipe.Rollout.Sampling.Temperature &&
            _model.Decoder.Weights.HasSameNumbers(_reference.Weights))
        {
            return [.. samples.Select(sample => sample with { ReferenceLogProbs = sample.OldLogProbs })];
        }
        var scores = ReferenceScorer.Score(_reference, Sequences(samples), _recipe.TrainingTemperature, _recipe.Training.TokenBudget, cancellation);
        return [.. samples.Select((sample, i) => sample with { ReferenceLogProbs = scores[i] })];
    }

    private static IReadOnlyList<TokenSequence> Sequences(IReadOnlyList<TrainingSample> samples) => [.. samples.Select(sample => sample.Sequence)];

    private IReadOnlyList<TrainingSample> WithValues(IReadOnlyList<TrainingSample> samples, CancellationToken cancellation)
    {
        if (_critic is null) return samples;
        var values = LogProbScorer.Values(_model.Decoder, _critic, Sequences(samples), _recipe.Training.TokenBudget, cancellation);
        return [.. samples.Select((sample, i) => sample with { Values = values[i] })];
    }

    private IReadOnlyList<TrainingSample> WithCredit(IReadOnlyList<TrainingSample> samples, int step, Metrics metrics)
    {
        var groups = samples.Select(sample => sample.Group).Distinct().Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var assigned = _objective.AssignCredit([.. samples.Select(sample => new CreditInput(groups[sample.Group], sample.Reward,
            sample.IsTruncated, sample.OldLogProbs, sample.ReferenceLogProbs, sample.Values)
        {
            LossMask = sample.LossMask,
            IsScored = sample.IsScored,
            Problem = sample.Problem,
            IsReplayed = sample.Group < (long)step * _recipe.Rollout.Problems,
        })]);
        metrics.Add(assigned.Metrics, 1);
        foreach (var sample in samples)
        {
            metrics.Add("staleness", _optimizer.Steps - sample.PolicyVersion);
            metrics.Add("staleness_max", _optimizer.Steps - sample.PolicyVersion);
        }
        return [.. samples.Select((sample, i) => sample with { Credit = assigned.Credits[i] })];
    }

    private IEnumerable<int[]> MiniBatchesOf(IReadOnlyList<TrainingSample> batch, ulong seed) => _objective.Needs.HasFlag(ObjectiveNeeds.WholeGroups)
        ? MiniBatches.SplitGroups([.. batch.Select(sample => sample.Group)], _recipe.Training.MiniBatch, seed)
        : MiniBatches.Split(batch.Count, _recipe.Training.MiniBatch, seed);

    private IReadOnlyList<int[]> MicroBatchesOf(IReadOnlyList<TrainingSample> miniBatch)
    {
        var (sequences, budget) = (Sequences(miniBatch), _recipe.Training.TokenBudget);
        return _objective.Needs.HasFlag(ObjectiveNeeds.WholeGroups)
            ? MicroBatches.Split(sequences, [.. miniBatch.Select(sample => sample.Group)], budget) : MicroBatches.Split(sequences, budget);
    }

    /// <summary>Gradients of one mini-batch, a micro-batch at a time, then one optimiser step.</summary>
    private void Update(IReadOnlyList<TrainingSample> miniBatch, int step, Metrics metrics, CancellationToken cancellation)
    {
        var loss = 0.0;
        var tokens = miniBatch.Sum(sample => sample.TrainedTokens);
        foreach (var (number, micro) in MicroBatchesOf(miniBatch).Index())
        {
            cancellation.ThrowIfCancellationRequested();
            var dropoutSeed = Seeds.Derive(_seed, "dropout", _optimizer.Steps, number);
            loss += metrics.Time("gradient", () =>
                Backward([.. micro.Select(index => miniBatch[index])], miniBatch.Count, tokens, step, dropoutSeed, metrics));
        }
        metrics.Time("optimizer", () => _updater.Apply(loss, metrics));
    }

    private double Backward(
        IReadOnlyList<TrainingSample> samples, int miniBatchResponses, int miniBatchTokens, int step, ulong dropoutSeed, Metrics metrics)
    {
        using var scope = NewDisposeScope();
        using var pass = new PolicyPass(_model.Decoder, [.. samples.Select(sample => sample.Sequence)]);
        var (logProbs, entropy) = pass.LogProbs(_recipe.TrainingTemperature);
        var batch = new ObjectiveBatch(samples, pass.LongestResponse, _model.Decoder.Device);
        var result = _objective.Evaluate(new ObjectiveInputs
        {
            PolicyLogProbs = logProbs,
            OldLogProbs = batch.OldLogProbs,
            SamplerLogProbs = batch.SamplerLogProbs,
            ReferenceLogProbs = batch.ReferenceLogProbs,
            Entropy = _objective.Needs.HasFlag(ObjectiveNeeds.EntropyGradient) ? entropy : entropy.detach(),
            LogPartition = _partition is null ? zeros(samples.Count, device: _model.Decoder.Device) : pass.LogPartition(_partition, dropoutSeed),
            Values = _critic is null ? batch.OldValues : pass.Values(_critic),
            OldValues = batch.OldValues,
            Mask = batch.Mask,
            Scores = batch.Scores,
            Advantages = batch.Advantages,
            Returns = batch.Returns,
            Groups = batch.Groups,
            MiniBatchResponses = miniBatchResponses,
            MiniBatchTokens = miniBatchTokens,
            LengthLimit = _recipe.Rollout.Sampling.MaxNewTokens,
            Progress = (double)step / _recipe.Training.Steps,
        });
        result.Loss.backward();
        metrics.Add(result.Metrics, samples.Count);
        if (_recipe.TrainingTemperature == _recipe.Rollout.Sampling.Temperature && samples.All(sample => sample.PolicyVersion == _optimizer.Steps))
        {
            // No update since these were sampled, so both are the same policy: what remains is rounding, or a fault.
            using var gap = ((logProbs.detach() - batch.OldLogProbs) * batch.Mask).abs().max();
            metrics.Add("sampler_gap_max", gap.item<float>());
        }
        var trained = Math.Max(1, samples.Sum(sample => sample.TrainedTokens));
        metrics.Add("entropy", (entropy.detach() * batch.Mask).sum().item<float>() / trained, trained);
        return result.Loss.item<float>();
    }

    /// <summary>What is saved beside the policy and the optimiser: borrowed tensors under stable names.</summary>
    private IEnumerable<(string Name, Tensor Value)> State()
    {
        IEnumerable<(string, Tensor)> Head(string prefix, WeightSet? weights) => weights?.Select(pair => (prefix + pair.Key, pair.Value)) ?? [];
        return Head("log_z.", _partition?.Weights).Concat(Head("critic.", _critic?.Weights)).Concat(_rollouts.State());
    }
}
