using System.Buffers;
using FlowRL.Numerics;

namespace FlowRL.Rollouts;

/// <summary>
/// Draws with the penalty of CTRL (arXiv 1909.05858, section 4.1) on tokens that stand in the text already, each once however often it stands there:
/// a logit above 0 is divided by the penalty, one below 0 is multiplied by it. For evaluations: it is not the policy's distribution.
/// </summary>
internal static class RepetitionPenalty
{
    /// <param name="logits">(V) finite logits; left as they are.</param>
    /// <param name="seen">Prompt and response so far.</param>
    /// <param name="options">The penalty, and how the token is drawn after it.</param>
    /// <param name="uniform">In [0, 1).</param>
    /// <returns>The token, with its log-probability under the policy itself.</returns>
    public static DrawnToken Draw(ReadOnlySpan<float> logits, IEnumerable<int> seen, SamplingOptions options, double uniform)
    {
        var buffer = ArrayPool<float>.Shared.Rent(logits.Length);
        try
        {
            var penalised = buffer.AsSpan(0, logits.Length);
            logits.CopyTo(penalised);
            foreach (var id in seen.Distinct())
                penalised[id] = (float)(logits[id] > 0 ? logits[id] / options.RepetitionPenalty : logits[id] * options.RepetitionPenalty);
            var drawn = TokenSampler.Draw(penalised, options, uniform);
            return drawn with { LogProb = new SoftmaxRow(logits, options.Temperature > 0 ? 1 / options.Temperature : 1).LogProb(drawn.Id) };
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }
}
