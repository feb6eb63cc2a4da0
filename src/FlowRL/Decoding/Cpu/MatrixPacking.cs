using System.Buffers;
using FlowRL.Numerics;
using FlowRL.Numerics.Products;
using static TorchSharp.torch;

namespace FlowRL.Decoding.Cpu;

/// <summary>A matrix (N, K) of a decoder and its bias, as their rows are read to be packed. Both are borrowed.</summary>
/// <param name="weight">(N, K).</param>
/// <param name="bias">(N); null for none.</param>
internal sealed class MatrixRows(Tensor weight, Tensor? bias)
{
    private readonly float[]? _bias = bias?.to_type(ScalarType.Float32).data<float>().ToArray();

    public WeightRows Weight { get; } = new(weight);

    public float BiasOf(int row) => _bias is null ? 0 : _bias[row];
}

/// <summary>The rows of a matrix in other places.</summary>
/// <param name="Rows">The matrix.</param>
/// <param name="Outputs">Places.</param>
/// <param name="RowAt">Which row is at a place; −1 where none is.</param>
internal sealed record PlacedRows(MatrixRows Rows, int Outputs, Func<int, int> RowAt)
{
    /// <summary>The rows of heads, each with its zeros: in the order that <paramref name="numberAt"/> gives.</summary>
    public static PlacedRows OfHeads(MatrixRows rows, HeadLayout head, Func<int, int> numberAt) => new(rows, rows.Weight.Rows / head.Width * head.Padded,
        output => numberAt(output % head.Padded) is >= 0 and var number ? output / head.Padded * head.Width + number : -1);
}

/// <summary>Puts the rows of matrices where the kernels read them.</summary>
internal static unsafe class MatrixPacking<S, V, W>
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
{
    public static PackedMatrix<S, V, W> Pack(MatrixRows rows) => Pack(new PlacedRows(rows, rows.Weight.Rows, output => output));

    /// <summary>Matrices with the same inputs, one below the other.</summary>
    public static PackedMatrix<S, V, W> Pack(params PlacedRows[] parts) =>
        Fill(parts.Sum(part => part.Outputs), parts[0].Rows.Weight.Columns, output =>
        {
            foreach (var placed in parts)
            {
                if (output < placed.Outputs) return placed.RowAt(output) is >= 0 and var row ? (placed.Rows, row) : null;
                output -= placed.Outputs;
            }
            return null;
        });

    /// <summary>Each panel holds the gates of half a panel of outputs, then their ups: see <see cref="Gated{S,V,A}"/>.</summary>
    public static PackedMatrix<S, V, W> PackGated(MatrixRows gate, MatrixRows up)
    {
        var (width, half) = (4 * S.Lanes, 2 * S.Lanes);
        return Fill(GatedOutputs(gate.Weight.Rows), gate.Weight.Columns, output =>
        {
            var (panel, place) = (output / width, output % width);
            var row = panel * half + place % half;
            return row < gate.Weight.Rows ? (place < half ? gate : up, row) : null;
        });
    }

    /// <summary>Outputs of gates and ups together, with their zeros.</summary>
    public static int GatedOutputs(int hidden) => (hidden + 2 * S.Lanes - 1) / (2 * S.Lanes) * (4 * S.Lanes);

    private static PackedMatrix<S, V, W> Fill(int outputs, int inputs, Func<int, (MatrixRows Rows, int Row)?> source)
    {
        var packed = new PackedMatrix<S, V, W>(outputs, inputs);
        var width = 4 * S.Lanes;
        Parallel.For(0, packed.Panels, panel =>
        {
            var scratch = ArrayPool<float>.Shared.Rent(width * inputs);
            fixed (float* rows = scratch)
            {
                var memory = rows;
                packed.Fill(panel,
                    i => source(panel * width + i) is var (part, row) ? part.Weight.Row(row, memory + (long)i * inputs) : null,
                    i => source(panel * width + i) is var (part, row) ? part.BiasOf(row) : 0);
            }
            ArrayPool<float>.Shared.Return(scratch);
        });
        return packed;
    }
}
