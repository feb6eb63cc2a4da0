using FlowRL.Models.Adapters;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// The adapters of a decoder (LoRA, arXiv 2106.09685): a pair A (r, in), B (out, r) for each adapted matrix, fp32 whatever the type of
/// the matrix. Their names are those of Hugging Face's PEFT. Owns its weights.
/// </summary>
public sealed class LoraAdapters : IDisposable
{
    private const string Prefix = "base_model.model.";
    private const string SuffixA = ".lora_A.weight";
    private const string SuffixB = ".lora_B.weight";

    private readonly AdapterPlan _plan;

    /// <summary>Uninitialised adapters: follow with <see cref="Initialize"/>, or copy weights into them.</summary>
    public LoraAdapters(DecoderConfig config, LoraOptions options, Device device)
    {
        _plan = new AdapterPlan(config, options);
        Dropout = new AdapterDropout(options.Dropout);
        foreach (var (name, shape) in Shapes(_plan)) Weights.Add(name, device, ScalarType.Float32, shape);
        Weights.RequireGradient(true);
    }

    /// <summary>What was asked for, the matrices under the names that the family gives them.</summary>
    public LoraOptions Options => _plan.Options;

    public WeightSet Weights { get; } = new();

    /// <summary>What updates leave out.</summary>
    internal AdapterDropout Dropout { get; }

    /// <summary>How many numbers adapters hold; none where they are off.</summary>
    internal static long Count(DecoderConfig config, LoraOptions options) =>
        options.IsOn ? Shapes(config, options).Sum(weight => weight.Shape[0] * weight.Shape[1]) : 0;

    /// <summary>Names and shapes of all weights, for checks before memory is asked for.</summary>
    /// <exception cref="BadInputException">A matrix is not there, or is called otherwise than files of adapters can say.</exception>
    internal static IEnumerable<(string Name, long[] Shape)> Shapes(DecoderConfig config, LoraOptions options) => Shapes(new AdapterPlan(config, options));

    /// <summary>
    /// B zero and A uniform within 1/√in, which is PEFT's Kaiming-uniform with a = √5: the model starts as its base. Each matrix draws
    /// from a stream of its own, whatever else is adapted.
    /// </summary>
    public void Initialize(ulong seed)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, weight) in Weights)
        {
            if (name.EndsWith(SuffixB, StringComparison.Ordinal)) weight.zero_();
            else
            {
                using var generator = new Generator(Seeds.Derive(seed, name), weight.device);
                var bound = 1 / Math.Sqrt(weight.shape[1]);
                weight.copy_((rand(weight.shape, generator: generator, device: weight.device) - Scalars.Of(0.5)) * Scalars.Of(2 * bound));
            }
        }
    }

    /// <summary>The adapter of the matrix <paramref name="weight"/> (its Hugging Face name); null where it has none.</summary>
    internal LowRank? Of(string weight) => WeightNames.ModuleOf(weight) is { } module && _plan.Find(module) is { } planned
        ? new LowRank(Weights[NameOf(module, SuffixA)], Weights[NameOf(module, SuffixB)], planned.Scale)
        { Thin = Options.Dropout > 0 ? x => Dropout.Apply(x, NameOf(module, SuffixA)) : null }
        : null;

    public void Dispose() => Weights.Dispose();

    /// <summary>Name and shape of an adapter's A and of its B.</summary>
    internal static (string Name, long[] Shape)[] Pair(PlannedAdapter adapter) =>
    [
        (NameOf(adapter.Matrix.Module, SuffixA), [adapter.Rank, adapter.Matrix.Inputs]),
        (NameOf(adapter.Matrix.Module, SuffixB), [adapter.Matrix.Outputs, adapter.Rank]),
    ];

    private static IEnumerable<(string Name, long[] Shape)> Shapes(AdapterPlan plan) => plan.Adapters.SelectMany(Pair);

    private static string NameOf(string module, string suffix) => $"{Prefix}{module}{suffix}";
}
