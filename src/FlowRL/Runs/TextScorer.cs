using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Training;

namespace FlowRL.Runs;

/// <summary>
/// Scores sequences of token ids, whatever their neighbours are: where a model turns long sequences otherwise than short ones, each goes with its like.
/// </summary>
/// <param name="model">Borrowed.</param>
/// <param name="kind">What computes; where the CPU engine cannot, tensor operations do.</param>
/// <param name="tokenBudget">Tokens that pass through the model at once; a longer sequence stands alone.</param>
internal sealed class TextScorer(Decoder model, EngineKind kind, int tokenBudget)
{
    private readonly IScoringEngine? _engine = kind == EngineKind.Tensor ? null : DecodeEngines.Scorer(model);

    /// <summary>One array a sequence with the log-probability of each token after the first, in nats.</summary>
    /// <param name="sequences">At least one token each.</param>
    /// <param name="cancellation">Checked between batches.</param>
    public float[][] Score(IReadOnlyList<int[]> sequences, CancellationToken cancellation)
    {
        var scores = new float[sequences.Count][];
        foreach (var alike in Enumerable.Range(0, sequences.Count).GroupBy(i => sequences[i].Length < 2 ? 0 : Turning(sequences[i].Length)))
        {
            // Sequences of about the same length pass together, the longest first; of one token there is nothing to say.
            var order = alike.OrderByDescending(i => sequences[i].Length).ToArray();
            if (alike.Key == 0) foreach (var i in order) scores[i] = [];
            else foreach (var (i, score) in order.Zip(Pass([.. order.Select(i => sequences[i])], cancellation))) scores[i] = score;
        }
        return scores;
    }

    private float[][] Pass(IReadOnlyList<int[]> sequences, CancellationToken cancellation)
    {
        var before = model.LongestSequence;
        model.LongestSequence = sequences[0].Length;
        try
        {
            return _engine?.Score([.. sequences.Select(ids => ids[..1])], [.. sequences.Select(ids => ids[1..])], 1, tokenBudget, cancellation)
                ?? LogProbScorer.Score(model, [.. sequences.Select(ids => new TokenSequence(ids[..1], ids[1..]))], 1, tokenBudget, cancellation);
        }
        finally
        {
            model.LongestSequence = before;
        }
    }

    // 1 and 2 where rotary divisors of two lengths differ.
    private int Turning(int length) => model.Config.RopeScaling is RopeScaling.LongRope both && length > both.OriginalContextLength ? 2 : 1;
}
