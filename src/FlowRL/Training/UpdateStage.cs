using FlowRL.Numerics.Products;
using FlowRL.Objectives;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>The second half of a step: the batch in mini-batches, each the sum of its micro-batches' gradients and one optimiser step.</summary>
/// <param name="policy">What is changed; borrowed.</param>
/// <param name="objective">Gives the loss.</param>
/// <param name="options">Of the step.</param>
internal sealed class UpdateStage(TrainedPolicy policy, IObjective objective, StepOptions options)
{
    private bool KeepsGroups => objective.Needs.HasFlag(ObjectiveNeeds.WholeGroups);

    /// <summary>All passes over the batch.</summary>
    public void Apply(IReadOnlyList<TrainingSample> batch, int step, Metrics metrics)
    {
        for (var pass = 0; pass < options.Training.Passes; pass++)
        {
            foreach (var miniBatch in MiniBatchesOf(batch, Seeds.Derive(options.Seed, "mini-batch", step, pass)))
                Update([.. miniBatch.Select(index => batch[index])], step, metrics);
        }
    }

    private IEnumerable<int[]> MiniBatchesOf(IReadOnlyList<TrainingSample> batch, ulong seed) => KeepsGroups
        ? MiniBatches.SplitGroups([.. batch.Select(sample => sample.Group)], options.Training.MiniBatch, seed)
        : MiniBatches.Split(batch.Count, options.Training.MiniBatch, seed);

    private IReadOnlyList<int[]> MicroBatchesOf(IReadOnlyList<TrainingSample> miniBatch)
    {
        TokenSequence[] sequences = [.. miniBatch.Select(sample => sample.Sequence)];
        return KeepsGroups ? MicroBatches.Split(sequences, [.. miniBatch.Select(sample => sample.Group)], options.Training.TokenBudget)
            : MicroBatches.Split(sequences, options.Training.TokenBudget);
    }

    private void Update(IReadOnlyList<TrainingSample> miniBatch, int step, Metrics metrics)
    {
        var loss = 0.0;
        var tokens = miniBatch.Sum(sample => sample.TrainedTokens);
        foreach (var (number, micro) in MicroBatchesOf(miniBatch).Index())
        {
            var dropoutSeed = Seeds.Derive(options.Seed, "dropout", policy.Version, number);
            loss += metrics.Time("gradient", () =>
                Backward([.. micro.Select(index => miniBatch[index])], miniBatch.Count, tokens, step, dropoutSeed, metrics));
        }
        metrics.Time("optimizer", () => policy.Updater.Apply(loss, metrics));
    }

    private double Backward(
        IReadOnlyList<TrainingSample> samples, int miniBatchResponses, int miniBatchTokens, int step, ulong dropoutSeed, Metrics metrics)
    {
        using var dropping = policy.Decoder.DropOut(Seeds.Derive(dropoutSeed, "adapters"));
        using var scope = NewDisposeScope();
        var share = samples.Sum(sample => sample.TrainedTokens) / (double)Math.Max(1, miniBatchTokens);
        using var pass = new PolicyPass(policy.Decoder, [.. samples.Select(sample => sample.Sequence)], share);
        var (logProbs, entropy) = pass.LogProbs(options.Temperature);
        var batch = new ObjectiveBatch(samples, pass.LongestResponse, policy.Decoder.Device);
        var result = objective.Evaluate(new ObjectiveInputs
        {
            PolicyLogProbs = logProbs,
            BehaviourLogProbs = batch.BehaviourLogProbs,
            ProximalLogProbs = batch.ProximalLogProbs,
            SamplerLogProbs = batch.SamplerLogProbs,
            ReferenceLogProbs = batch.ReferenceLogProbs,
            Entropy = objective.Needs.HasFlag(ObjectiveNeeds.EntropyGradient) ? entropy : entropy.detach(),
            LogPartition = policy.Partition is null ? zeros(samples.Count, device: policy.Decoder.Device) : pass.LogPartition(policy.Partition, dropoutSeed),
            Values = policy.Critic is null ? batch.OldValues : pass.Values(policy.Critic),
            OldValues = batch.OldValues,
            Mask = batch.Mask,
            Scores = batch.Scores,
            Offsets = batch.Offsets,
            Advantages = batch.Advantages,
            Returns = batch.Returns,
            Groups = batch.Groups,
            MiniBatchResponses = miniBatchResponses,
            MiniBatchTokens = miniBatchTokens,
            LengthLimit = options.Rollout.Sampling.MaxNewTokens,
            Progress = options.Training.ProgressAt(step),
        });
        using (ShortGradients.On(options.Training.Gradients == GradientType.Bfloat16)) result.Loss.backward();
        metrics.Add(result.Metrics, samples.Count);
        if (options.HasOneTemperature && dropping is null && samples.All(sample => sample.PolicyVersion == policy.Version))
        {
            // No update since these were sampled, so both are the same policy: what remains is rounding, or a fault.
            using var gap = ((logProbs.detach() - batch.ProximalLogProbs) * batch.Mask).abs().max();
            metrics.Add("sampler_gap_max", gap.item<float>());
        }
        var trained = Math.Max(1, samples.Sum(sample => sample.TrainedTokens));
        metrics.Add("entropy", (entropy.detach() * batch.Mask).sum().item<float>() / trained, trained);
        return result.Loss.item<float>() + pass.BalanceLoss;
    }
}
