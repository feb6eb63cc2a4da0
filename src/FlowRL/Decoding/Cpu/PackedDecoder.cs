using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Numerics.Products;
using static TorchSharp.torch;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// A decoder's weights, packed for <see cref="MatrixProduct{S,V,W}"/>. Owns the packed copy; embeddings are read in place, norms where they lie as the
/// kernels want them.
/// </summary>
internal sealed unsafe class PackedDecoder<S, V, W> : IDisposable
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
{
    private readonly Decoder _model;
    private readonly HeadLayout _head;
    private readonly List<NativeBlock> _vectors = []; // those that do not lie so

    public PackedDecoder(Decoder model)
    {
        (_model, _head) = (model, HeadLayout.Of(model.Config, S.Lanes));
        Embedding = new WeightRows(model.Embedding);
        Layers = [.. model.Layout.Layers.Select((layout, index) => Pack(index, layout))];
        FinalNorm = Norm(model.Layout.FinalNorm);
        using var head = model.DrawnHead;
        Head = MatrixPacking<S, V, W>.Pack(new MatrixRows(head, null));
    }

    public WeightRows Embedding { get; }

    public PackedLayer<S, V, W>[] Layers { get; }

    public float* FinalNorm { get; }

    /// <summary>(DrawnTokens, D).</summary>
    public PackedMatrix<S, V, W> Head { get; }

    /// <summary>Memory of the packed copy.</summary>
    public long Bytes => Layers.Sum(layer => layer.Bytes) + Head.Bytes;

    /// <summary>The same, from the model's shape alone.</summary>
    public static long Size(DecoderConfig config)
    {
        var attended = config.Heads * config.HeadWidth;
        var head = HeadLayout.Of(config, S.Lanes).Padded;
        static long Matrix(int outputs, int inputs) => PackedMatrix<S, V, W>.Size(outputs, inputs);
        long Gated(int hidden) => Matrix(MatrixPacking<S, V, W>.GatedOutputs(hidden), config.Width) + Matrix(config.Width, hidden);
        long FeedForward(int layer) => config.ExpertsOf(layer) is { } experts
            ? Matrix(experts.Count, config.Width) + experts.Count * Gated(experts.Width) : Gated(config.FeedForwardWidth);
        var attention = Matrix((config.Heads + 2 * config.KeyValueHeads) * head, config.Width) + Matrix(config.Width, attended);
        return Enumerable.Range(0, config.Layers).Sum(layer => attention + FeedForward(layer)) + Matrix(config.DrawnTokens, config.Width);
    }

    public void Dispose()
    {
        foreach (var layer in Layers) layer.Dispose();
        Head.Dispose();
        foreach (var vector in _vectors) vector.Dispose();
    }

    private PackedLayer<S, V, W> Pack(int index, LayerLayout layout)
    {
        using var scope = NewDisposeScope(); // matrices with an adapter merged go with it
        var heads = (Queries: Rows(layout[Projection.QProj]), Keys: Rows(layout[Projection.KProj]), Values: Rows(layout[Projection.VProj]));
        return new PackedLayer<S, V, W>
        {
            InputNorm = Norm(layout.InputNorm),
            Attention = new AttentionLayer
            {
                Index = index,
                Rule = _model.Config.AttentionOf(index),
                Rotary = _model.Config.RotaryOf(index),
                Norm = _model.Config.QueryKeyNorm,
                QueryNorm = HeadNorm(layout.QueryNorm),
                KeyNorm = HeadNorm(layout.KeyNorm),
            },
            QueryKeyValue = MatrixPacking<S, V, W>.Pack(PlacedRows.OfHeads(heads.Queries, _head, _head.TurnedAt),
                PlacedRows.OfHeads(heads.Keys, _head, _head.TurnedAt), PlacedRows.OfHeads(heads.Values, _head, _head.ValueAt)),
            Output = MatrixPacking<S, V, W>.Pack(Rows(layout[Projection.OProj])),
            AttentionOutputNorm = Norm(layout.AttentionOutputNorm),
            PostNorm = Norm(layout.PostNorm),
            Router = layout.Experts is { } experts ? MatrixPacking<S, V, W>.Pack(new MatrixRows(_model.Weights[experts.Router.Name], null)) : null,
            FeedForward = layout.Experts is null
                ? [Pack(layout[Projection.GateProj], layout[Projection.UpProj], layout[Projection.DownProj])]
                : [.. layout.Experts.Own.Select(expert => Pack(expert.Gate, expert.Up, expert.Down))],
            FeedForwardOutputNorm = Norm(layout.FeedForwardOutputNorm),
        };
    }

    private PackedFeedForward<S, V, W> Pack(ProjectionLayout gate, ProjectionLayout up, ProjectionLayout down) =>
        new(MatrixPacking<S, V, W>.PackGated(Rows(gate), Rows(up)), MatrixPacking<S, V, W>.Pack(Rows(down)));

    private MatrixRows Rows(ProjectionLayout part) =>
        new(_model.Merged(part), part.Bias is { } bias ? _model.Weights[bias.Name].narrow(0, part.FirstRow, part.Outputs) : null);

    private float* Norm(WeightShape? norm) => Vector(norm, (int)(norm?.Count ?? 0), place => place);

    /// <summary>A norm of one head, or of all together, as their numbers lie.</summary>
    private float* HeadNorm(WeightShape? norm) => Vector(norm, (int)(norm?.Count ?? 0) / _head.Width * _head.Padded, place =>
        _head.TurnedAt(place % _head.Padded) is >= 0 and var number ? place / _head.Padded * _head.Width + number : -1);

    /// <summary>The factors of a norm where <paramref name="numberAt"/> puts them, zeros where it puts none; null for none.</summary>
    private float* Vector(WeightShape? norm, int width, Func<int, int> numberAt)
    {
        if (norm is null) return null;
        var source = new WeightRows(_model.Weights[norm.Name]).Row(0, null);
        var offset = norm.Role == WeightRole.ShiftedNorm ? 1 : 0;
        if (offset == 0 && width == norm.Count) return source; // without zeros everything lies as the weights have it
        var block = new NativeBlock(width * sizeof(float));
        _vectors.Add(block);
        var target = (float*)block.Data;
        for (var place = 0; place < width; place++) target[place] = numberAt(place) is >= 0 and var number ? source[number] + offset : 0;
        return target;
    }
}
