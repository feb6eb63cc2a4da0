using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Models.Layers;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models.Families;

internal static class GoldenLoss
{
    /// <summary>The mean of −log p over every token after the first of each sequence.</summary>
    public static Tensor Of(Decoder model, int[][] sequences, ExpertBalance? balance = null)
    {
        using var scope = NewDisposeScope();
        var pack = new PackedSequences(sequences, CPU);       // both live until backward is done, as a pass's do
        var attention = new PackedAttention(pack) { Balance = balance };
        var hidden = model.Hidden(pack.Ids, attention);
        var places = sequences.SelectMany((row, index) => Enumerable.Range(0, row.Length - 1).Select(t => (long)pack.Token(index, t))).ToArray();
        var tokens = sequences.SelectMany(row => row.Skip(1)).Select(id => (long)id).ToArray();
        var (logProbs, _) = model.LogProbs(hidden.index_select(0, tensor(places)), tensor(tokens), 1);
        return logProbs.mean().neg().MoveToOuterDisposeScope();
    }
}
