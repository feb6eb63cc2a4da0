using static TorchSharp.torch;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>The two orders of a head's rows: the two of each rotated pair side by side in files, all first ones before all second ones in memory.</summary>
internal static class GgufRows
{
    /// <summary>A weight as the model has it, of one as a file has it. The caller owns the result, and gives the input away.</summary>
    public static Tensor FromFile(Tensor stored, GgufPlace place) => Change(stored, place.RotatedHeads, pairsFirst: true);

    /// <summary>A weight as a file has it. The caller owns the result and keeps the input.</summary>
    public static Tensor ToFile(Tensor weight, GgufPlace place)
    {
        using var _ = no_grad();
        return Change(weight.detach().cpu().to(ScalarType.Float32).clone(), place.RotatedHeads, pairsFirst: false);
    }

    private static Tensor Change(Tensor weight, int heads, bool pairsFirst)
    {
        if (heads == 0) return weight;
        using (weight)
        {
            using var scope = NewDisposeScope();
            return Reorder(weight, heads, pairsFirst).MoveToOuterDisposeScope();
        }
    }

    private static Tensor Reorder(Tensor weight, int heads, bool pairsFirst)
    {
        var pairs = weight.shape[0] / heads / 2;
        long[] rest = weight.shape[1..];
        // (heads, pairs, two, ...) in files, (heads, two, pairs, ...) in memory.
        var split = pairsFirst ? weight.view([heads, pairs, 2, .. rest]) : weight.view([heads, 2, pairs, .. rest]);
        return split.transpose(1, 2).reshape(weight.shape);
    }
}
