namespace FlowRL.Models;

/// <summary>The weights of one layer. What a layer lacks is null.</summary>
internal sealed class LayerLayout
{
    private readonly Dictionary<Projection, ProjectionLayout> _projections = [];

    public LayerLayout(DecoderConfig config, int index)
    {
        var (names, shape) = (config.Names, config.ShapeOf(index));
        WeightShape Norm(string name, int width) => new(names.InLayer(index, name), config.NormRole(), [width]);
        var (isBefore, isAfter) = (config.Norms != NormPlacement.After, config.Norms != NormPlacement.Before);
        InputNorm = isBefore ? Norm(names.InputNorm, config.Width) : null;
        AttentionOutputNorm = isAfter ? Norm(names.AttentionOutputNorm, config.Width) : null;
        PostNorm = isBefore ? Norm(names.PostNorm, config.Width) : null;
        FeedForwardOutputNorm = isAfter ? Norm(names.FeedForwardOutputNorm, config.Width) : null;
        switch (shape.Mixing)
        {
            case LayerMixing.Attention:
                AddAttention(config, index);
                if (config.QueryKeyNorm == QueryKeyNorm.None) break;
                var (queries, keys) = config.QueryKeyNorm == QueryKeyNorm.AllHeads ? (config.Heads, config.KeyValueHeads) : (1, 1);
                (QueryNorm, KeyNorm) = (Norm(names.QueryNorm, queries * config.HeadWidth), Norm(names.KeyNorm, keys * config.HeadWidth));
                break;
            case LayerMixing.ShortConvolution:
                Convolution = new ShortConvolutionLayout(config, index);
                break;
            case LayerMixing.DeltaRule:
                DeltaRule = new DeltaRuleLayout(config, index, config.DeltaRule!);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(index), shape.Mixing, "No weights are laid out for this mixing.");
        }
        if (config.ExpertsOf(index) is { } experts) Experts = new ExpertLayout(config, index, experts);
        else AddFeedForward(config, index);
    }

    /// <summary>Before what mixes tokens.</summary>
    public WeightShape? InputNorm { get; }

    /// <summary>After what mixes tokens.</summary>
    public WeightShape? AttentionOutputNorm { get; }

    public WeightShape? QueryNorm { get; }

    public WeightShape? KeyNorm { get; }

    /// <summary>(H) the scores of the heads' sinks.</summary>
    public WeightShape? Sinks { get; private set; }

    /// <summary>Before the feed-forward block.</summary>
    public WeightShape? PostNorm { get; }

    /// <summary>After the feed-forward block.</summary>
    public WeightShape? FeedForwardOutputNorm { get; }

    public ShortConvolutionLayout? Convolution { get; }

    public DeltaRuleLayout? DeltaRule { get; }

    public ExpertLayout? Experts { get; }

    /// <summary>The matrix that does this; the layer must have one.</summary>
    public ProjectionLayout this[Projection role] => _projections[role];

    /// <summary>The matrix that does this; null where the layer has none.</summary>
    public ProjectionLayout? Find(Projection role) => _projections.GetValueOrDefault(role);

    /// <summary>The matrices that compute outputs from inputs, those of which several are rows once, each with what its rows do.</summary>
    public IEnumerable<(ProjectionLayout Matrix, IReadOnlyList<Projection> Roles)> Modules =>
    [
        .. Projections.Roles.Where(_projections.ContainsKey).GroupBy(role => this[role].Module).Select(module =>
            (new ProjectionLayout(this[module.First()].Matrix, this[module.First()].Bias), (IReadOnlyList<Projection>)[.. module])),
        .. (Convolution?.Matrices ?? []).Concat(DeltaRule?.Matrices ?? []).Concat(Experts?.Matrices ?? []),
    ];

    /// <summary>All of them, in order.</summary>
    public IEnumerable<WeightShape> All => new[]
    {
        [InputNorm], Of(Projection.QProj), Of(Projection.KProj), Of(Projection.VProj), Of(Projection.OProj), [Sinks, QueryNorm, KeyNorm],
        Convolution?.All ?? [], DeltaRule?.All ?? [], [AttentionOutputNorm, PostNorm],
        Of(Projection.GateProj), Of(Projection.UpProj), Of(Projection.DownProj), Experts?.All ?? [], [FeedForwardOutputNorm],
    }.SelectMany(weights => weights).OfType<WeightShape>().DistinctBy(weight => weight.Name);

    private IEnumerable<WeightShape?> Of(Projection role) => Find(role)?.All ?? [];

    private void AddAttention(DecoderConfig config, int index)
    {
        long queries = (long)config.Heads * config.HeadWidth, keys = (long)config.KeyValueHeads * config.HeadWidth;
        var (bias, rows) = (config.QueryKeyValueBias, queries * (config.OutputGate ? 2 : 1));
        Add(config, index, bias, WeightRole.Matrix, config.Width, (Projection.QProj, rows), (Projection.KProj, keys), (Projection.VProj, keys));
        Add(config, index, config.OutputBias, WeightRole.Residual, queries, (Projection.OProj, config.Width));
        if (config.AttentionSinks) Sinks = new WeightShape(config.Names.BareInLayer(index, config.Names.Sinks), WeightRole.Scalars, [config.Heads]);
    }

    private void AddFeedForward(DecoderConfig config, int index)
    {
        var (bias, hidden) = (config.FeedForwardBias, (long)config.FeedForwardWidth);
        Add(config, index, bias, WeightRole.Matrix, config.Width, (Projection.GateProj, hidden), (Projection.UpProj, hidden));
        Add(config, index, bias, WeightRole.Residual, hidden, (Projection.DownProj, config.Width));
    }

    /// <summary>Matrices with the same inputs: those that go by one name are rows of one, in this order.</summary>
    private void Add(DecoderConfig config, int index, bool hasBias, WeightRole role, long inputs, params (Projection Role, long Outputs)[] parts)
    {
        foreach (var module in parts.GroupBy(part => config.Names.Of(part.Role)))
        {
            var outputs = module.Sum(part => part.Outputs);
            var matrix = new WeightShape(config.Names.InLayer(index, module.Key), role, [outputs, inputs]);
            var bias = hasBias ? new WeightShape(config.Names.BiasInLayer(index, module.Key), WeightRole.Bias, [outputs]) : null;
            long first = 0;
            foreach (var part in module)
            {
                _projections[part.Role] = new ProjectionLayout(matrix, bias) { FirstRow = first, Outputs = part.Outputs };
                first += part.Outputs;
            }
        }
    }
}
