using FlowRL.Models.Attention;
using FlowRL.Models.Layers;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// A decoder-only transformer as its description has it. Legend: N tokens, D width, V vocabulary. One forward pass serves
/// training, scoring, prefill and decoding; an <see cref="IAttention"/> says which.
/// </summary>
public sealed class Decoder : IDisposable
{
    private readonly bool _ownsWeights;
    private readonly RotaryTables _rotary;
    private readonly DecoderLayer[] _layers;
    private readonly RmsNorm _norm;
    private readonly SoftCap? _softCap;

    /// <summary>Builds the model with uninitialised weights: follow with <see cref="Initialize"/> or <see cref="Load"/>.</summary>
    /// <param name="config">The shape.</param>
    /// <param name="device">Where it lies and runs.</param>
    /// <param name="type">Element type of matrices and biases.</param>
    /// <param name="lora">Adapters to train; with them the weights are frozen.</param>
    /// <exception cref="BadInputException">The shape asks for a part that nothing here computes.</exception>
    public Decoder(DecoderConfig config, Device device, ScalarType type = ScalarType.Float32, LoraOptions? lora = null)
        : this(config, device, new WeightSet(), type, lora is { IsOn: true } ? new LoraAdapters(config, lora, device) : null)
    {
        _ownsWeights = true;
        Weights.RequireGradient(Adapters is null);
    }

    /// <param name="config">The shape.</param>
    /// <param name="device">Where it lies and runs.</param>
    /// <param name="weights">Filled here, or complete already.</param>
    /// <param name="type">Of the weights to make; null takes those that are there.</param>
    /// <param name="adapters">Owned from now on.</param>
    private Decoder(DecoderConfig config, Device device, WeightSet weights, ScalarType? type, LoraAdapters? adapters)
    {
        // Every part that has a name is computed here.
        DecoderParts.Require("The decoder", config, Enum.GetValues<DecoderPart>());
        (Config, Device, Weights, Adapters) = (config, device, weights, adapters);
        Layout = new WeightLayout(config);
        if (type is { } wanted)
        {
            foreach (var weight in Layout.All) weights.Add(weight.Name, device, weight.IsAlwaysFloat32 ? ScalarType.Float32 : wanted, weight.Shape);
        }
        Embedding = weights[Layout.Embedding.Name];
        var parts = new LayerWeights(config, weights, name => adapters?.Of(name));
        _layers = [.. Layout.Layers.Select((layer, index) => new DecoderLayer(index, layer, parts))];
        _norm = parts.Norm(Layout.FinalNorm);
        Head = Layout.Head is { } head ? weights[head.Name] : Embedding;
        _rotary = new RotaryTables(_layers.Select(layer => layer.Rotary), config.ContextLength, device);
        _softCap = config.FinalSoftCap is { } cap ? new SoftCap(cap, 1 / config.LogitDivisor) : null;
    }

    public DecoderConfig Config { get; }

    public Device Device { get; }

    /// <summary>What the weights are called and shaped.</summary>
    internal WeightLayout Layout { get; }

    /// <summary>All weights but the adapters, under their Hugging Face names; tied heads appear once, as the embedding.</summary>
    public WeightSet Weights { get; }

    /// <summary>Null where the weights themselves are trained.</summary>
    public LoraAdapters? Adapters { get; }

    /// <summary>What an optimiser changes: the adapters where there are some, else the weights.</summary>
    public WeightSet Trainable => Adapters?.Weights ?? Weights;

    /// <summary>(V, D).</summary>
    public Tensor Embedding { get; }

    /// <summary>(V, D) rows that turn hidden states into logits; the embedding itself where tied.</summary>
    public Tensor Head { get; }

    /// <summary>(DrawnTokens, D) the rows of the head whose tokens can be drawn, over the same memory; goes with the current dispose scope.</summary>
    internal Tensor DrawnHead => Head.narrow(0, 0, Config.DrawnTokens);

    /// <summary>Whether backward passes compute each layer again instead of keeping its activations: less memory, a third more work.</summary>
    public bool RecomputesLayers { get; set; }

    /// <summary>
    /// Tokens that the sequences of a run may have at most, prompt and response: it decides for the whole run which of two lists of rotary divisors turns
    /// heads, where a family has two. Null: each sequence's own length does. Nothing else depends on it.
    /// </summary>
    public int? LongestSequence { get; set; }

    /// <summary>Leaves parts of the adapters' inputs out until the result is disposed; null where nothing is to be left out.</summary>
    /// <param name="seed">Decides which.</param>
    internal IDisposable? DropOut(ulong seed) => Adapters?.Dropout.Begin(seed);

    /// <summary>Normal weights with the configuration's standard deviation, zero biases, unit norms, from one seed.</summary>
    public void Initialize(ulong seed)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var generator = new Generator(seed, Device);
        // Projections into the residual stream are scaled down by the number of summands (GPT-2, section 2.3).
        var residual = Config.InitializerRange / Math.Sqrt(2.0 * Config.Layers);
        foreach (var (name, role, shape) in Layout.All)
        {
            var weight = Weights[name];
            if (role is WeightRole.Bias or WeightRole.ShiftedNorm or WeightRole.Scalars) weight.zero_();
            else if (role == WeightRole.Norm) weight.fill_(Scalars.Of(1));
            else
            {
                var deviation = role == WeightRole.Residual ? residual : Config.InitializerRange;
                weight.copy_(randn(shape, generator: generator, device: Device) * Scalars.Of(deviation));
            }
        }
        generator.Dispose();
    }

    /// <summary>Copies weights from a checkpoint; names and shapes must match exactly.</summary>
    /// <exception cref="BadInputException">Weights are missing, unknown, or of another shape.</exception>
    public void Load(IWeightSource source, string sourceName) => Weights.CopyFrom(source, sourceName, Layout.MayIgnore);

    /// <summary>
    /// The model with its adapters off, over the same weights: the reference of a run that trains adapters. Borrows the weights, so it must
    /// not outlive this model.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are no adapters: the model would move with this one's training.</exception>
    public Decoder WithoutAdapters() => Adapters is not null ? new Decoder(Config, Device, Weights, null, null)
        : throw new InvalidOperationException("A model without adapters trains its weights, and whatever borrows them would train with it.");

    /// <summary>
    /// The matrix that a layer computes with: the weight <paramref name="name"/> itself, or where it has an adapter W + (α / r) · B A as a
    /// new fp32 tensor, which goes with the current dispose scope.
    /// </summary>
    public Tensor Merged(string name)
    {
        if (Adapters?.Of(name) is not { } adapter) return Weights[name];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return adapter.Product().PlusInPlace(Weights[name].to_type(ScalarType.Float32)).MoveToOuterDisposeScope();
    }

    /// <summary>The rows of a matrix that a layer computes this with, adapters merged: (outputs, inputs).</summary>
    internal Tensor Merged(ProjectionLayout projection) => projection.IsPart
        ? Merged(projection.Matrix.Name).narrow(0, projection.FirstRow, projection.Outputs) : Merged(projection.Matrix.Name);

    /// <summary>Moves what the adapters have learnt into the weights, rounded to their type; the adapters then add nothing.</summary>
    public void MergeAdapters()
    {
        if (Adapters is null) return;
        using var _ = no_grad();
        foreach (var (name, weight) in Weights)
        {
            if (Adapters.Of(name) is not { } adapter) continue;
            using var scope = NewDisposeScope();
            weight.copy_(Merged(name));
            adapter.B.zero_();
        }
    }

    /// <summary>Final-norm hidden states (N, D) fp32 of the tokens <paramref name="ids"/> (N).</summary>
    public Tensor Hidden(Tensor ids, IAttention attention)
    {
        using var scope = NewDisposeScope();
        var rotations = _rotary.At(attention, LongestSequence);
        var x = TokenEmbedding.Apply(Embedding, ids);
        if (Config.EmbeddingScale != 1) x = x * Scalars.Of(Config.EmbeddingScale);
        var recomputes = RecomputesLayers && is_grad_enabled();
        foreach (var layer in _layers)
        {
            (Tensor Cos, Tensor Sin)? rotation = layer.Rotary is { } rule ? rotations[rule] : null;
            x = recomputes ? RecomputedLayer.Apply(layer, x, rotation, attention) : layer.Apply(x, rotation, attention);
        }
        return _norm.Apply(x).MoveToOuterDisposeScope();
    }

    /// <summary>Logits (N, DrawnTokens) fp32 of hidden states (N, D). For few rows only; log-probs of many go through <see cref="TokenLogProbs"/>.</summary>
    public Tensor Logits(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        using var head = DrawnHead;
        var z = new Linear(head, null).Apply(hidden);
        if (_softCap is not null) z = _softCap.Apply(z);
        else if (Config.LogitDivisor != 1) z = z / Scalars.Of(Config.LogitDivisor);
        return z.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Log-probability (M) and entropy in nats (M) of a token after each hidden state: <paramref name="hidden"/> (M, D), <paramref name="tokens"/> (M) int64;
    /// <paramref name="temperature"/> divides the logits. Nothing of (M, V) is held.
    /// </summary>
    public (Tensor LogProbs, Tensor Entropy) LogProbs(Tensor hidden, Tensor tokens, double temperature) =>
        TokenLogProbs.Compute(hidden, Head, tokens, _softCap is null ? temperature * Config.LogitDivisor : temperature, _softCap,
            Config.DrawnTokens);

    public void Dispose()
    {
        if (_ownsWeights) Weights.Dispose();
        Adapters?.Dispose();
        _rotary.Dispose();
    }
}
