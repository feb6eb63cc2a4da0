using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Objectives;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>
/// The first half of a step: problems, rollouts, rewards. With a lag of one step the batch of step t + 1 is sampled beside the update of
/// step t, by a copy of the policy as it was before that update: always exactly one update behind, so that a run stays reproducible.
/// </summary>
/// <remarks>Borrows the model. Which problems and which tokens a step draws depends on the seed and the step alone.</remarks>
internal sealed class RolloutStage : IDisposable
{
    private const long NoSnapshot = -1;
    private readonly LanguageModel _model;
    private readonly TrainRecipe _recipe;
    private readonly IObjective _objective;
    private readonly ulong _seed;
    private readonly ProblemOrder _order;
    private readonly RewardMix? _mix;
    private readonly RewardScorer _scorer;
    private readonly Sampler _sampler;
    private readonly Decoder? _snapshot; // the policy that samples; null where that is the model itself
    private readonly Tensor _snapshotVersion = tensor([NoSnapshot]).DetachFromDisposeScope(); // a tensor, because it is saved with the weights
    private readonly CancellationTokenSource _end = new(); // of sampling ahead
    private (int Step, Task<Rollout> Batch)? _ahead;

    public RolloutStage(LanguageModel model, ITask task, TrainRecipe recipe, IObjective objective)
    {
        (_model, _recipe, _objective, _seed) = (model, recipe, objective, (ulong)recipe.Run.Seed);
        var problems = task.Problems(Split.Train);
        if (recipe.Rollout.LongPrompts == LongPrompts.Skip)
        {
            var all = problems.Count;
            problems = [.. problems.Where(problem => model.EncodePrompt(problem.Prompt).Length <= recipe.Rollout.MaxPromptTokens)];
            SkippedPrompts = all - problems.Count;
        }
        _order = new ProblemOrder(problems, recipe.Rollout.Problems, _seed);
        _mix = RewardMix.Of(recipe.Reward);
        _scorer = new RewardScorer(task, TimeSpan.FromSeconds(recipe.Rollout.VerifySeconds), mix: _mix);
        if (recipe.Rollout.Lag > 0)
        {
            _snapshot = new Decoder(model.Decoder.Config, model.Decoder.Device, model.Decoder.Head.dtype);
            _snapshot.Weights.RequireGradient(false);
        }
        _sampler = new Sampler(_snapshot ?? model.Decoder, model.Tokenizer, recipe.Rollout.Slots, recipe.Rollout.Decode);
    }

    /// <summary>Training problems that were left out because of their length.</summary>
    public int SkippedPrompts { get; }

    /// <summary>Whether the sampler's log-probabilities are those of the trainer, but for the last bits.</summary>
    public bool IsExact => _recipe.Rollout.Decode.IsExact && _model.Decoder.Head.dtype == ScalarType.Float32;

    /// <summary>Where failing verifications are recorded and repeated from; null records none.</summary>
    public FailedRewards? Failed { get; set; }

    /// <summary>What resuming needs beside the model: the policy that is to sample next, where that is another one.</summary>
    public IEnumerable<(string Name, Tensor Value)> State() => _snapshot is null ? [] :
        _snapshot.Weights.Select(pair => ($"rollout.{pair.Key}", pair.Value)).Append(("rollout_version", _snapshotVersion));

    /// <summary>The batch of a step.</summary>
    /// <param name="step">From 0; steps are asked for in order.</param>
    /// <param name="policyVersion">Updates that the model has had.</param>
    /// <param name="cancellation">Checked before each decoding step; a batch that is sampled ahead ends with <see cref="Dispose"/> instead.</param>
    public Rollout At(int step, long policyVersion, CancellationToken cancellation)
    {
        if (_snapshot is null) return Sample(step, policyVersion, cancellation);
        if (_snapshotVersion.item<long>() == NoSnapshot) TakeSnapshot(policyVersion);
        var batch = _ahead is { } ahead && ahead.Step == step ? ahead.Batch.GetAwaiter().GetResult()
            : Sample(step, _snapshotVersion.item<long>(), cancellation);
        _ahead = null;
        if (step + 1 >= _recipe.Training.Steps) return batch;
        TakeSnapshot(policyVersion);
        _ahead = (step + 1, TensorThread.RunAsync(_recipe.Run.Threads, () => Sample(step + 1, policyVersion, _end.Token)));
        return batch;
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
        _sampler.Dispose();
        _scorer.Dispose();
        _mix?.Dispose();
        _snapshot?.Dispose();
        _snapshotVersion.Dispose();
    }

    private Rollout Sample(int step, long policyVersion, CancellationToken cancellation)
    {
        ScoredGroup[] Score(IReadOnlyList<Problem> problems, int first) => SampleAndScore(problems, step, first, policyVersion, cancellation);
        var own = Score(_objective is IProblemPriority { Prioritises: true } priority ? _order.Draw(step, priority.Weight) : _order.At(step), 0);
        var (kept, sampled) = _objective is IGroupFilter filter ? GroupRefill.Fill(filter, own, _order, step, Score) : (own, own);
        var samples = kept.SelectMany((group, i) => RewardPolicy.ToSamples(group, (long)step * kept.Length + i, _recipe.Rollout)).ToList();
        return new Rollout(kept, sampled, WithExactLogProbs(samples, cancellation), _sampler.LastStatistics);
    }

    /// <summary>Scoring of a group starts as soon as it is sampled and runs beside the sampling of the others.</summary>
    private ScoredGroup[] SampleAndScore(IReadOnlyList<Problem> problems, int step, int first, long policyVersion, CancellationToken cancellation)
    {
        var requests = problems.Select((problem, i) => new SampleRequest(
            problem, PromptIds(problem), _recipe.Rollout.GroupSize, Seeds.Derive(_seed, "rollout", step, first + i))).ToList();
        var scoring = new ScoringObserver(_scorer, requests.Count, cancellation, Failed is null
            ? null : (request, sample, response) => Failed.Find(step, first + request, sample, response));
        _sampler.Sample(requests, _recipe.Rollout.Sampling, policyVersion, scoring, cancellation);
        var groups = scoring.Wait();
        if (Failed is not null) Record(groups, step, first, Failed);
        return groups;
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

    private int[] PromptIds(Problem problem)
    {
        var ids = _model.EncodePrompt(problem.Prompt);
        return ids.Length <= _recipe.Rollout.MaxPromptTokens ? ids : throw new BadInputException(
            $"The prompt of problem '{problem.Id}' has {ids.Length} tokens, more than rollout.max_prompt_tokens = " +
            $"{_recipe.Rollout.MaxPromptTokens}; raise the limit, or set rollout.long_prompts to skip.");
    }

    /// <summary>Where sampling rounded more than the trainer does, the trainer's own log-probabilities are the old ones.</summary>
    private IReadOnlyList<TrainingSample> WithExactLogProbs(IReadOnlyList<TrainingSample> samples, CancellationToken cancellation)
    {
        if (IsExact) return samples;
        var scores = LogProbScorer.Score(_snapshot ?? _model.Decoder, [.. samples.Select(sample => sample.Sequence)], _recipe.Rollout.Sampling.Temperature,
            _recipe.Training.TokenBudget, cancellation);
        return [.. samples.Select((sample, i) => sample with { OldLogProbs = scores[i] })];
    }

    private void TakeSnapshot(long policyVersion)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, weight) in _snapshot!.Weights) weight.copy_(_model.Decoder.Merged(name));
        _snapshotVersion.fill_(Scalars.Of(policyVersion));
    }
}
