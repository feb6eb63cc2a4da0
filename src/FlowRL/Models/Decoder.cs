using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// A decoder-only transformer of the Llama, Qwen2 or Qwen3 family. Legend: N tokens, D width, V vocabulary. One forward pass serves
/// training, scoring, prefill and decoding; an <see cref="IAttention"/> says which.
/// </summary>
public sealed class Decoder : IDisposable
{
    private const string EmbeddingName = "model.embed_tokens.weight";
    private const string HeadName = "lm_head.weight";
    private readonly RotaryEmbedding _rotary;
    private readonly DecoderLayer[] _layers;
    private readonly RmsNorm _norm;

    /// <summary>Builds the model with uninitialised weights: follow with <see cref="Initialize"/> or <see cref="Load"/>.</summary>
    public Decoder(DecoderConfig config, Device device, ScalarType type = ScalarType.Float32)
    {
        (Config, Device) = (config, device);
        // Norms and biases are a thousandth of the weights; fp32 for them costs nothing and keeps reductions exact.
        Tensor Weight(string name, long[] shape) =>
            Weights.Add(name, device, shape.Length > 1 || name.EndsWith(".bias", StringComparison.Ordinal) ? type : ScalarType.Float32, shape);
        Embedding = Weight(EmbeddingName, [config.VocabularySize, config.Width]);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(index => new DecoderLayer(config, index, Weight))];
        _norm = new RmsNorm(Weight("model.norm.weight", [config.Width]), config.NormEpsilon);
        Head = config.TiedEmbeddings ? Embedding : Weight(HeadName, [config.VocabularySize, config.Width]);
        _rotary = new RotaryEmbedding(config, device);
        Weights.RequireGradient(true);
    }

    public DecoderConfig Config { get; }

    public Device Device { get; }

    /// <summary>All weights under their Hugging Face names; tied heads appear once, as the embedding.</summary>
    public WeightSet Weights { get; } = new();

    /// <summary>(V, D).</summary>
    public Tensor Embedding { get; }

    /// <summary>(V, D) rows that turn hidden states into logits; the embedding itself where tied.</summary>
    public Tensor Head { get; }

    /// <summary>Whether backward passes compute each layer again instead of keeping its activations: less memory, a third more work.</summary>
    public bool RecomputesLayers { get; set; }

    /// <summary>Normal weights with the configuration's standard deviation, zero biases, unit norms, from one seed.</summary>
    public void Initialize(ulong seed)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var generator = new Generator(seed, Device);
        // Projections into the residual stream are scaled down by the number of summands (GPT-2, section 2.3).
        var residual = Config.InitializerRange / Math.Sqrt(2.0 * Config.Layers);
        foreach (var (name, weight) in Weights)
        {
            if (name.EndsWith(".bias", StringComparison.Ordinal)) weight.zero_();
            else if (weight.dim() == 1) weight.fill_(Scalars.Of(1));
            else
            {
                var isResidual = name.Contains("o_proj", StringComparison.Ordinal) || name.Contains("down_proj", StringComparison.Ordinal);
                weight.copy_(randn(weight.shape, generator: generator, device: Device) * Scalars.Of(isResidual ? residual : Config.InitializerRange));
            }
        }
        generator.Dispose();
    }

    /// <summary>Copies weights from a checkpoint; names and shapes must match exactly.</summary>
    /// <exception cref="BadInputException">Weights are missing, unknown, or of another shape.</exception>
    public void Load(IWeightSource source, string sourceName) => Weights.CopyFrom(source, sourceName, name =>
        (Config.TiedEmbeddings && name == HeadName) || name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal));

    /// <summary>Final-norm hidden states (N, D) fp32 of the tokens <paramref name="ids"/> (N).</summary>
    public Tensor Hidden(Tensor ids, IAttention attention)
    {
        using var scope = NewDisposeScope();
        var rotation = _rotary.At(attention.Positions);
        var x = Embedding.index_select(0, ids).to_type(ScalarType.Float32);
        var recomputes = RecomputesLayers && is_grad_enabled();
        foreach (var layer in _layers)
        {
            x = recomputes ? RecomputedLayer.Apply(layer, x, rotation, attention) : layer.Apply(x, rotation, attention);
        }
        return _norm.Apply(x).MoveToOuterDisposeScope();
    }

    /// <summary>Logits (N, V) fp32 of hidden states (N, D). For few rows only; log-probs of many go through <see cref="TokenLogProbs"/>.</summary>
    public Tensor Logits(Tensor hidden) => new Linear(Head, null).Apply(hidden);

    public void Dispose()
    {
        Weights.Dispose();
        _rotary.Dispose();
    }
}
