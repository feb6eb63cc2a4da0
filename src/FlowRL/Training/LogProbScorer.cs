using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>Numbers a response token without gradient: a reference model's log-probabilities, a critic's values.</summary>
public static class LogProbScorer
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
