using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>The plain numbers of a micro-batch as tensors: rows of (B, T), zeros at padding.</summary>
internal sealed class ObjectiveBatch(IReadOnlyList<TrainingSample> samples, int longest, Device device)
{
    public Tensor Mask { get; } = Rows(samples, longest, device, sample => Array.ConvertAll(sample.LossMask, trained => trained ? 1f : 0f));

    public Tensor BehaviourLogProbs { get; } = Rows(samples, longest, device, sample => sample.BehaviourLogProbs);

    public Tensor ProximalLogProbs { get; } = Rows(samples, longest, device, sample => sample.ProximalLogProbs);

    public Tensor SamplerLogProbs { get; } = Rows(samples, longest, device, sample => sample.SamplerLogProbs);

    public Tensor ReferenceLogProbs { get; } = Rows(samples, longest, device, sample => sample.ReferenceLogProbs);

    public Tensor OldValues { get; } = Rows(samples, longest, device, sample => sample.Values);

    public Tensor Advantages { get; } = Rows(samples, longest, device, sample => sample.Credit.TokenAdvantages);

    public Tensor Returns { get; } = Rows(samples, longest, device, sample => sample.Credit.TokenReturns);

    public Tensor Scores { get; } = tensor(samples.Select(sample => sample.Credit.Score).ToArray(), device: device);

    public Tensor Offsets { get; } = tensor(samples.Select(sample => sample.Credit.Offset).ToArray(), device: device);

    public Tensor Groups { get; } = tensor(Numbers(samples), device: device);

    private static Tensor Rows(IReadOnlyList<TrainingSample> samples, int longest, Device device, Func<TrainingSample, float[]> select)
    {
        var rows = new float[samples.Count * longest];
        for (var b = 0; b < samples.Count; b++) select(samples[b]).CopyTo(rows, b * longest);
        return tensor(rows, [samples.Count, longest], device: device);
    }

    /// <summary>One number a group, in the order of their first responses.</summary>
    private static long[] Numbers(IReadOnlyList<TrainingSample> samples)
    {
        var groups = samples.Select(sample => sample.Group).Distinct().ToList();
        return [.. samples.Select(sample => (long)groups.IndexOf(sample.Group))];
    }
}
