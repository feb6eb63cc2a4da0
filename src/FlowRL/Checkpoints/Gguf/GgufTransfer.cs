using FlowRL.Checkpoints.Gguf.Families;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>Carries numbers from the tensors of a file into weights, and from weights into tensors, by the places that tell where they lie.</summary>
internal static class GgufTransfer
{
    /// <summary>A weight as the model has it; the caller owns it.</summary>
    /// <param name="shape">Of the weight.</param>
    /// <param name="places">Of its numbers.</param>
    /// <param name="read">What a tensor has at a place, as float32; owned and changed here.</param>
    public static Tensor Load(long[] shape, IReadOnlyList<GgufPlace> places, Func<GgufPlace, Tensor> read)
    {
        using var _ = no_grad();
        if (places is [{ OfWeight: null, OfTensor: null } plain]) return plain.Loaded(read(plain));
        using var scope = NewDisposeScope();
        var weight = empty(shape, ScalarType.Float32, CPU);
        foreach (var place in places)
        {
            using var inner = NewDisposeScope();
            View(weight, place.OfWeight).copy_(View(place.Loaded(read(place)), place.OfTensor));
        }
        return weight.MoveToOuterDisposeScope();
    }

    /// <summary>A tensor as a file has it, with numbers of one weight or several; disposed with the current scope.</summary>
    /// <param name="shape">Of the whole tensor.</param>
    /// <param name="parts">Places in this tensor, and the weights.</param>
    public static Tensor Store(long[] shape, IReadOnlyList<(GgufPlace Place, Func<Tensor> Weight)> parts)
    {
        using var _ = no_grad();
        if (parts is [{ Place: { IsPlain: true } plain }]) return plain.Stored(Numbers(parts[0].Weight()));
        using var scope = NewDisposeScope();
        var stored = empty(shape, ScalarType.Float32, CPU);
        foreach (var (place, weight) in parts)
        {
            using var inner = NewDisposeScope();
            var own = place.Index is { } index ? stored.select(0, index) : stored;
            View(own, place.OfTensor).copy_(place.Stored(View(Numbers(weight()), place.OfWeight)));
        }
        return stored.MoveToOuterDisposeScope();
    }

    private static Tensor View(Tensor numbers, Func<Tensor, Tensor>? view) => view is null ? numbers : view(numbers);

    private static Tensor Numbers(Tensor weight) => weight.detach().cpu().to(ScalarType.Float32).contiguous();
}
