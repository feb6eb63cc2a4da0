using FlowRL.Decoding;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>Numbers a response token without gradient: a reference model's log-probabilities, a critic's values.</summary>
internal static class LogProbScorer
{
    /// <summary>One array a sequence, one log-probability a response token, at <paramref name="temperature"/>.</summary>
    public static float[][] Score(
        Decoder model, IReadOnlyList<TokenSequence> sequences, double temperature, int tokenBudget, CancellationToken cancellation) =>
        Read(model, sequences, pass => pass.LogProbs(temperature).LogProbs, tokenBudget, cancellation);

    /// <summary>One array a sequence, one value of <paramref name="critic"/> a response token.</summary>
    public static float[][] Values(
        Decoder model, ValueHead critic, IReadOnlyList<TokenSequence> sequences, int tokenBudget, CancellationToken cancellation) =>
        Read(model, sequences, pass => pass.Values(critic), tokenBudget, cancellation);

    /// <summary>log Z of a sequence's prompt, without dropout.</summary>
    public static double LogPartition(Decoder model, PartitionFunction partition, TokenSequence sequence)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var pass = new PolicyPass(model, [sequence]);
        return pass.LogPartition(partition, null).item<float>();
    }

    private static float[][] Read(
        Decoder model, IReadOnlyList<TokenSequence> sequences, Func<PolicyPass, Tensor> read, int tokenBudget, CancellationToken cancellation)
    {
        var scores = new float[sequences.Count][];
        foreach (var batch in MicroBatches.Split(sequences, tokenBudget))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            using var pass = new PolicyPass(model, [.. batch.Select(index => sequences[index])]);
            var padded = read(pass).cpu().data<float>().ToArray(); // (B, T)
            for (var b = 0; b < batch.Length; b++)
            {
                scores[batch[b]] = padded.AsSpan(b * pass.LongestResponse, sequences[batch[b]].Response.Length).ToArray();
            }
        }
        return scores;
    }
}

/// <summary>
/// Log-probabilities under a model that is not trained: by the kernels of decoding where they apply, which share the prompt of a group
/// and take a fraction of the time, else as the trainer computes them. Both agree to fp32 rounding.
/// </summary>
internal static class ReferenceScorer
{
    /// <inheritdoc cref="LogProbScorer.Score"/>
    public static float[][] Score(
        Decoder model, IReadOnlyList<TokenSequence> sequences, double temperature, int tokenBudget, CancellationToken cancellation) =>
        DecodeEngines.Scorer(model)?.Score([.. sequences.Select(sequence => sequence.Prompt)], [.. sequences.Select(sequence => sequence.Response)],
            temperature, tokenBudget, cancellation)
        ?? LogProbScorer.Score(model, sequences, temperature, tokenBudget, cancellation);
}

/// <summary>How far updates moved the policy, measured on responses that it had sampled before them.</summary>
internal static class PolicyDrift
{
    /// <summary>Mean over trained tokens of |log π_θ − log π_proximal| in nats; 0 without any.</summary>
    public static double Of(Decoder policy, IReadOnlyList<TrainingSample> samples, double temperature, int tokenBudget)
    {
        var now = LogProbScorer.Score(policy, [.. samples.Select(sample => sample.Sequence)], temperature, tokenBudget, CancellationToken.None);
        var moved = samples.SelectMany((sample, i) => now[i].Select((logProb, t) => (Trained: sample.LossMask[t],
            Distance: Math.Abs((double)logProb - sample.ProximalLogProbs[t])))).Where(token => token.Trained).Select(token => token.Distance).ToArray();
        return moved.Length == 0 ? 0 : moved.Average();
    }
}
