using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>Log-probabilities without gradient: the reference model's, or a check of the sampler's.</summary>
public static class LogProbScorer
{
    /// <summary>One array a sequence, one log-probability a response token, at <paramref name="temperature"/>.</summary>
    public static float[][] Score(
        Decoder model, IReadOnlyList<TokenSequence> sequences, double temperature, int tokenBudget, CancellationToken cancellation)
    {
        var scores = new float[sequences.Count][];
        foreach (var batch in MicroBatches.Split([.. sequences.Select(sequence => sequence.Length)], tokenBudget))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            using var pass = new PolicyPass(model, [.. batch.Select(index => sequences[index])]);
            var padded = pass.LogProbs(temperature).LogProbs.cpu().data<float>().ToArray(); // (B, T)
            for (var b = 0; b < batch.Length; b++)
            {
                scores[batch[b]] = padded.AsSpan(b * pass.LongestResponse, sequences[batch[b]].Response.Length).ToArray();
            }
        }
        return scores;
    }
}
