namespace FlowRL.Models;

/// <summary>
/// Every weight that a description asks for: its name, its shape, and what it is there for. Decoder, engines, adapters, files and estimates
/// read it here; the order is that of checkpoints, and of the numbers that new weights are drawn from.
/// </summary>
internal sealed class WeightLayout
{
    private readonly DecoderConfig _config;

    public WeightLayout(DecoderConfig config)
    {
        _config = config;
        var names = config.Names;
        Embedding = new WeightShape(names.Embedding, WeightRole.Matrix, [config.VocabularySize, config.Width]);
        Layers = [.. Enumerable.Range(0, config.Layers).Select(index => new LayerLayout(config, index))];
        FinalNorm = new WeightShape(names.FinalNorm, WeightRole.Norm, [config.Width]);
        Head = config.TiedEmbeddings ? null : new WeightShape(names.Head, WeightRole.Matrix, [config.VocabularySize, config.Width]);
    }

    public WeightShape Embedding { get; }

    public IReadOnlyList<LayerLayout> Layers { get; }

    public WeightShape FinalNorm { get; }

    /// <summary>Null where the embedding is the head.</summary>
    public WeightShape? Head { get; }

    /// <summary>All weights, in order.</summary>
    public IEnumerable<WeightShape> All =>
        [Embedding, .. Layers.SelectMany(layer => layer.All), FinalNorm, .. Head is null ? [] : new[] { Head }];

    /// <summary>How many numbers all weights hold.</summary>
    public long Parameters => All.Sum(weight => weight.Count);

    /// <summary>Bytes of all weights where those that are not norms, which are fp32 always, take <paramref name="bytesPerNumber"/> each.</summary>
    public long Bytes(int bytesPerNumber) => All.Sum(weight => weight.Count * (weight.Role == WeightRole.Norm ? sizeof(float) : bytesPerNumber));

    /// <summary>Whether a checkpoint may hold this although the model does not: a head that is tied, tables that can be computed.</summary>
    public bool MayIgnore(string name) =>
        (Head is null && name == _config.Names.Head) || name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);
}

/// <summary>The weights of one layer.</summary>
internal sealed class LayerLayout
{
    private readonly ProjectionLayout[] _projections;

    public LayerLayout(DecoderConfig config, int index)
    {
        var names = config.Names;
        WeightShape Norm(string name, int width) => new(names.InLayer(index, name), WeightRole.Norm, [width]);
        InputNorm = Norm(names.InputNorm, config.Width);
        (QueryNorm, KeyNorm) = config.QueryKeyNorm ? (Norm(names.QueryNorm, config.HeadWidth), Norm(names.KeyNorm, config.HeadWidth)) : (null, null);
        PostNorm = Norm(names.PostNorm, config.Width);
        _projections = [.. Enum.GetValues<Projection>().Select(projection => ProjectionLayout.Of(config, index, projection))];
    }

    /// <summary>Before attention.</summary>
    public WeightShape InputNorm { get; }

    /// <summary>Null where heads are not normalised.</summary>
    public WeightShape? QueryNorm { get; }

    /// <summary>Null where heads are not normalised.</summary>
    public WeightShape? KeyNorm { get; }

    /// <summary>Before the feed-forward block.</summary>
    public WeightShape PostNorm { get; }

    public ProjectionLayout this[Projection projection] => _projections[(int)projection];

    /// <summary>All of them, in order.</summary>
    public IEnumerable<WeightShape> All => new[]
    {
        [InputNorm], this[Projection.QProj].All, this[Projection.KProj].All, this[Projection.VProj].All, this[Projection.OProj].All,
        [QueryNorm, KeyNorm, PostNorm], this[Projection.GateProj].All, this[Projection.UpProj].All, this[Projection.DownProj].All,
    }.SelectMany(weights => weights).OfType<WeightShape>();
}

/// <summary>One of a layer's matrices, and the bias that goes with it; null for none.</summary>
internal sealed record ProjectionLayout(WeightShape Matrix, WeightShape? Bias)
{
    /// <summary>The whole name of the module: that of its matrix without <c>.weight</c>.</summary>
    public string Module => WeightNames.ModuleOf(Matrix.Name)!;

    public long Outputs => Matrix.Shape[0];

    public long Inputs => Matrix.Shape[1];

    public IEnumerable<WeightShape?> All => [Matrix, Bias];

    public static ProjectionLayout Of(DecoderConfig config, int layer, Projection projection)
    {
        long width = config.Width, hidden = config.FeedForwardWidth;
        long queries = (long)config.Heads * config.HeadWidth, keys = (long)config.KeyValueHeads * config.HeadWidth;
        var (outputs, inputs, hasBias, role) = projection switch
        {
            Projection.QProj => (queries, width, config.QueryKeyValueBias, WeightRole.Matrix),
            Projection.KProj or Projection.VProj => (keys, width, config.QueryKeyValueBias, WeightRole.Matrix),
            Projection.OProj => (width, queries, config.OutputBias, WeightRole.Residual),
            Projection.GateProj or Projection.UpProj => (hidden, width, config.FeedForwardBias, WeightRole.Matrix),
            _ => (width, hidden, config.FeedForwardBias, WeightRole.Residual),
        };
        var name = config.Names.Of(projection);
        return new ProjectionLayout(
            new WeightShape(config.Names.InLayer(layer, name), role, [outputs, inputs]),
            hasBias ? new WeightShape(config.Names.BiasInLayer(layer, name), WeightRole.Bias, [outputs]) : null);
    }
}

/// <summary>One weight: its whole name in checkpoints, what it is there for, and its shape.</summary>
internal sealed record WeightShape(string Name, WeightRole Role, long[] Shape)
{
    /// <summary>How many numbers it holds.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>What a weight is there for: it decides how a new one starts and in which type it is held.</summary>
internal enum WeightRole
{
    /// <summary>A matrix.</summary>
    Matrix,

    /// <summary>A matrix whose outputs are added to the residual stream.</summary>
    Residual,

    /// <summary>What a norm multiplies by.</summary>
    Norm,

    /// <summary>What is added to a matrix's outputs.</summary>
    Bias,
}
