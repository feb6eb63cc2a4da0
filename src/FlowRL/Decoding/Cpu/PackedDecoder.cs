using System.Buffers;
using FlowRL.Models;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Decoding.Cpu;

/// <summary>A decoder's weights, packed for <see cref="MatrixProduct{S,V,W}"/>. Owns the packed copy; norms and embeddings are read in place.</summary>
internal sealed unsafe class PackedDecoder<S, V, W> : IDisposable
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
{
    private readonly Decoder _model;

    public PackedDecoder(Decoder model)
    {
        _model = model;
        Embedding = new WeightRows(model.Embedding);
        Layers = [.. model.Layout.Layers.Select(PackLayer)];
        FinalNorm = Norm(model.Layout.FinalNorm);
        using var head = model.DrawnHead;
        Head = Pack(new Stack(head, null));
    }

    public WeightRows Embedding { get; }

    public Layer[] Layers { get; }

    public float* FinalNorm { get; }

    /// <summary>(DrawnTokens, D).</summary>
    public PackedMatrix<S, V, W> Head { get; }

    /// <summary>Memory of the packed copy.</summary>
    public long Bytes => Layers.Sum(layer => layer.QueryKeyValue.Bytes + layer.Output.Bytes + layer.GateUp.Bytes + layer.Down.Bytes) + Head.Bytes;

    /// <summary>The same, from the model's shape alone.</summary>
    public static long Size(DecoderConfig config)
    {
        var attended = config.Heads * config.HeadWidth;
        static long Matrix(int outputs, int inputs) => PackedMatrix<S, V, W>.Size(outputs, inputs);
        var layer = Matrix(attended + 2 * config.KeyValueHeads * config.HeadWidth, config.Width) + Matrix(config.Width, attended)
            + Matrix(GatedOutputs(config.FeedForwardWidth), config.Width) + Matrix(config.Width, config.FeedForwardWidth);
        return config.Layers * layer + Matrix(config.DrawnTokens, config.Width);
    }

    public void Dispose()
    {
        foreach (var layer in Layers)
        {
            layer.QueryKeyValue.Dispose();
            layer.Output.Dispose();
            layer.GateUp.Dispose();
            layer.Down.Dispose();
        }
        Head.Dispose();
    }

    private Layer PackLayer(LayerLayout layout)
    {
        using var scope = NewDisposeScope(); // matrices with an adapter merged go with it
        Stack Part(Projection projection)
        {
            var (matrix, bias) = layout[projection];
            return new(_model.Merged(matrix.Name), bias is null ? null : _model.Weights[bias.Name]);
        }
        return new Layer
        {
            InputNorm = Norm(layout.InputNorm),
            QueryNorm = Norm(layout.QueryNorm),
            KeyNorm = Norm(layout.KeyNorm),
            PostNorm = Norm(layout.PostNorm),
            QueryKeyValue = Pack(Part(Projection.QProj), Part(Projection.KProj), Part(Projection.VProj)),
            Output = Pack(Part(Projection.OProj)),
            GateUp = PackGated(Part(Projection.GateProj), Part(Projection.UpProj)),
            Down = Pack(Part(Projection.DownProj)),
        };
    }

    /// <summary>Matrices with the same inputs, one below the other.</summary>
    private static PackedMatrix<S, V, W> Pack(params Stack[] parts)
    {
        var outputs = parts.Sum(part => part.Weight.Rows);
        return Fill(outputs, parts[0].Weight.Columns, output =>
        {
            foreach (var part in parts)
            {
                if (output < part.Weight.Rows) return (part, output);
                output -= part.Weight.Rows;
            }
            return null;
        });
    }

    /// <summary>Each panel holds the gates of half a panel of outputs, then their ups: see <see cref="Gated{S,V}"/>.</summary>
    private static PackedMatrix<S, V, W> PackGated(Stack gate, Stack up)
    {
        var (width, half) = (4 * S.Lanes, 2 * S.Lanes);
        return Fill(GatedOutputs(gate.Weight.Rows), gate.Weight.Columns, output =>
        {
            var (panel, place) = (output / width, output % width);
            var row = panel * half + place % half;
            return row < gate.Weight.Rows ? (place < half ? gate : up, row) : null;
        });
    }

    private static int GatedOutputs(int hidden) => (hidden + 2 * S.Lanes - 1) / (2 * S.Lanes) * (4 * S.Lanes);

    private static PackedMatrix<S, V, W> Fill(int outputs, int inputs, Func<int, (Stack Part, int Row)?> source)
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

    private float* Norm(WeightShape? norm) => norm is null ? null : new WeightRows(_model.Weights[norm.Name]).Row(0, null);

    /// <summary>The packed weights of one layer.</summary>
    internal sealed class Layer
    {
        public required float* InputNorm { get; init; }

        /// <summary>Null where heads are not normalised.</summary>
        public required float* QueryNorm { get; init; }

        public required float* KeyNorm { get; init; }

        public required float* PostNorm { get; init; }

        public required PackedMatrix<S, V, W> QueryKeyValue { get; init; }

        public required PackedMatrix<S, V, W> Output { get; init; }

        public required PackedMatrix<S, V, W> GateUp { get; init; }

        public required PackedMatrix<S, V, W> Down { get; init; }
    }

    private sealed class Stack(Tensor weight, Tensor? bias)
    {
        private readonly float[]? _bias = bias?.to_type(ScalarType.Float32).data<float>().ToArray();

        public WeightRows Weight { get; } = new(weight);

        public float BiasOf(int row) => _bias is null ? 0 : _bias[row];
    }
}
