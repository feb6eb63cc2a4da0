using FlowRL.Decoding;
using FlowRL.Models;

namespace FlowRL.Training;

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
