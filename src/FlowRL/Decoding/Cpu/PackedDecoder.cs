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
    private readonly HeadLayout _head;
    private readonly List<NativeBlock> _norms = []; // of heads with zeros among their numbers

    public PackedDecoder(Decoder model)
    {
        (_model, _head) = (model, HeadLayout.Of(model.Config, S.Lanes));
        Embedding = new WeightRows(model.Embedding);
        Layers = [.. model.Layout.Layers.Select((layout, index) => PackLayer(index, layout))];
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
        var head = HeadLayout.Of(config, S.Lanes).Padded;
        static long Matrix(int outputs, int inputs) => PackedMatrix<S, V, W>.Size(outputs, inputs);
        var layer = Matrix((config.Heads + 2 * config.KeyValueHeads) * head, config.Width) + Matrix(config.Width, attended)
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
        foreach (var norm in _norms) norm.Dispose();
    }

    private Layer PackLayer(int index, LayerLayout layout)
    {
        using var scope = NewDisposeScope(); // matrices with an adapter merged go with it
        Stack Part(Projection projection)
        {
            var part = layout[projection];
            return new(_model.Merged(part), part.Bias is null ? null : _model.Weights[part.Bias.Name]);
        }
        return new Layer
        {
            InputNorm = Norm(layout.InputNorm),
            PostNorm = Norm(layout.PostNorm),
            Attention = new AttentionLayer
            {
                Index = index,
                Rule = _model.Config.AttentionOf(index),
                Rotary = _model.Config.RotaryOf(index),
                QueryNorm = HeadNorm(layout.QueryNorm),
                KeyNorm = HeadNorm(layout.KeyNorm),
            },
            QueryKeyValue = Pack(Heads(Part(Projection.QProj), _head.TurnedAt), Heads(Part(Projection.KProj), _head.TurnedAt),
                Heads(Part(Projection.VProj), _head.ValueAt)),
            Output = Pack(Part(Projection.OProj)),
            GateUp = PackGated(Part(Projection.GateProj), Part(Projection.UpProj)),
            Down = Pack(Part(Projection.DownProj)),
        };
    }

    private static PackedMatrix<S, V, W> Pack(Stack part) => Pack(new Placed(part, part.Weight.Rows, output => output));

    /// <summary>Matrices with the same inputs, one below the other.</summary>
    private static PackedMatrix<S, V, W> Pack(params Placed[] parts) =>
        Fill(parts.Sum(part => part.Outputs), parts[0].Part.Weight.Columns, output =>
        {
            foreach (var placed in parts)
            {
                if (output < placed.Outputs) return placed.RowAt(output) is >= 0 and var row ? (placed.Part, row) : null;
                output -= placed.Outputs;
            }
            return null;
        });

    /// <summary>The rows of each head where <paramref name="numberAt"/> puts them.</summary>
    private Placed Heads(Stack part, Func<int, int> numberAt) => new(part, part.Weight.Rows / _head.Width * _head.Padded,
        output => numberAt(output % _head.Padded) is >= 0 and var number ? output / _head.Padded * _head.Width + number : -1);

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

    /// <summary>A norm of heads as their numbers lie.</summary>
    private float* HeadNorm(WeightShape? norm)
    {
        if (norm is null || _head.IsPlain) return Norm(norm);
        var (block, source) = (new NativeBlock(_head.Padded * sizeof(float)), new WeightRows(_model.Weights[norm.Name]));
        _norms.Add(block);
        float* from = source.Row(0, null), to = (float*)block.Data;
        for (var place = 0; place < _head.Padded; place++) to[place] = _head.TurnedAt(place) is >= 0 and var number ? from[number] : 0;
        return to;
    }

    /// <summary>The packed weights of one layer.</summary>
    internal sealed class Layer
    {
        public required float* InputNorm { get; init; }

        public required AttentionLayer Attention { get; init; }

        public required float* PostNorm { get; init; }

        public required PackedMatrix<S, V, W> QueryKeyValue { get; init; }

        public required PackedMatrix<S, V, W> Output { get; init; }

        public required PackedMatrix<S, V, W> GateUp { get; init; }

        public required PackedMatrix<S, V, W> Down { get; init; }
    }

    /// <summary>A matrix with its rows in other places; −1 where there is none.</summary>
    private sealed record Placed(Stack Part, int Outputs, Func<int, int> RowAt);

    private sealed class Stack(Tensor weight, Tensor? bias)
    {
        private readonly float[]? _bias = bias?.to_type(ScalarType.Float32).data<float>().ToArray();

        public WeightRows Weight { get; } = new(weight);

        public float BiasOf(int row) => _bias is null ? 0 : _bias[row];
    }
}
