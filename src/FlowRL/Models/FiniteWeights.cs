using System.Globalization;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>That loaded weights are numbers: a single NaN makes every answer of a model one.</summary>
public static class FiniteWeights
{
    // Weights are looked at in pieces, so that a large one needs no second of its size.
    private const long Piece = 1L << 22;

    /// <param name="source">Where it was read, for messages.</param>
    /// <param name="name">The weight's name.</param>
    /// <param name="weight">As the file has it; of any type, for only floating-point numbers can be other than finite.</param>
    /// <exception cref="BadInputException">A number in it is not finite; the message says which.</exception>
    public static void Require(string source, string name, Tensor weight) => Require(source, name, weight, weight);

    /// <param name="source">Where they were read, for messages.</param>
    /// <param name="name">The weight's name.</param>
    /// <param name="stored">As the file has it.</param>
    /// <param name="loaded">The same as it is used; a number that its type cannot hold has become infinite in it.</param>
    /// <exception cref="BadInputException">One is not finite; the message says which.</exception>
    internal static void Require(string source, string name, Tensor stored, Tensor loaded)
    {
        if (!loaded.is_floating_point() || loaded.numel() == 0) return;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var flat = loaded.reshape(-1);
        for (var start = 0L; start < flat.shape[0]; start += Piece)
        {
            var piece = flat.narrow(0, start, Math.Min(Piece, flat.shape[0] - start));
            // NaN shows in both of them.
            if (double.IsFinite(Number(piece.max())) && double.IsFinite(Number(piece.min()))) continue;
            var at = start + piece.isfinite().logical_not().nonzero()[0].cpu().to(ScalarType.Int64).item<long>();
            var value = Number(stored.reshape(-1)[at]);
            throw new BadInputException(string.Create(CultureInfo.InvariantCulture,
                $"{source}: '{name}' holds {value} at [{string.Join(", ", Place(at, loaded.shape))}]") + (double.IsFinite(value)
                ? $", more than {loaded.dtype} can hold; set model.weights to float32, or take other weights."
                : "; the weights are damaged, or their training ran away. Copy or download them again, or take an earlier checkpoint."));
        }
    }

    private static double Number(Tensor scalar) => scalar.to(ScalarType.Float64).item<double>();

    private static long[] Place(long at, long[] shape)
    {
        var place = new long[shape.Length];
        for (var dimension = shape.Length - 1; dimension >= 0; at /= shape[dimension--]) place[dimension] = at % shape[dimension];
        return place;
    }
}
