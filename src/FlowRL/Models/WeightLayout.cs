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
        FinalNorm = new WeightShape(names.FinalNorm, config.NormRole(), [config.Width]);
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

    /// <summary>Bytes of all weights where those that are not fp32 always take <paramref name="bytesPerNumber"/> each.</summary>
    public long Bytes(int bytesPerNumber) => All.Sum(weight => weight.Count * (weight.IsAlwaysFloat32 ? sizeof(float) : bytesPerNumber));

    /// <summary>Whether a checkpoint may hold this although the model does not: a head that is tied, tables that can be computed, parts of others.</summary>
    public bool MayIgnore(string name) => (Head is null && name == _config.Names.Head)
        || name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal)
        || _config.Names.Ignored.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}

/// <summary>One of a layer's matrices, or rows of one, and the bias that goes with it; null for none.</summary>
/// <param name="Matrix">The whole matrix as checkpoints have it.</param>
/// <param name="Bias">Of the whole matrix.</param>
internal sealed record ProjectionLayout(WeightShape Matrix, WeightShape? Bias)
{
    /// <summary>The whole name of the module: that of its matrix without <c>.weight</c>.</summary>
    public string Module => WeightNames.ModuleOf(Matrix.Name)!;

    /// <summary>Where the rows begin that are meant.</summary>
    public long FirstRow { get; init; }

    /// <summary>How many rows are meant.</summary>
    public long Outputs { get; init; } = Matrix.Shape[0];

    public long Inputs => Matrix.Shape[1];

    /// <summary>Whether other rows of the matrix do something else.</summary>
    public bool IsPart => Outputs < Matrix.Shape[0];

    public IEnumerable<WeightShape?> All => [Matrix, Bias];
}

/// <summary>One weight: its whole name in checkpoints, what it is there for, and its shape.</summary>
internal sealed record WeightShape(string Name, WeightRole Role, long[] Shape)
{
    /// <summary>How many numbers it holds.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>
    /// Whether it is held in fp32 whatever the type of matrices: these are a thousandth of the weights, so that it costs nothing and keeps reductions exact.
    /// </summary>
    public bool IsAlwaysFloat32 => Role is WeightRole.Norm or WeightRole.ShiftedNorm or WeightRole.Scalars;
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

    /// <summary>What a norm multiplies by, less 1.</summary>
    ShiftedNorm,

    /// <summary>What is added to a matrix's outputs.</summary>
    Bias,

    /// <summary>A few numbers a head or channel that no product reads: sinks, decays.</summary>
    Scalars,
}
