using FlowRL.Configuration;
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

    /// <summary>Uninitialised adapters: follow with <see cref="Initialize"/>, or copy weights into them.</summary>
    public LoraAdapters(DecoderConfig config, LoraOptions options, Device device)
    {
        Options = options;
        Dropout = new AdapterDropout(options.Dropout);
        foreach (var (name, shape) in Shapes(config, options)) Weights.Add(name, device, ScalarType.Float32, shape);
        Weights.RequireGradient(true);
    }

    public LoraOptions Options { get; }

    public WeightSet Weights { get; } = new();

    /// <summary>What updates leave out.</summary>
    internal AdapterDropout Dropout { get; }

    /// <summary>How many numbers adapters hold; none where they are off.</summary>
    internal static long Count(DecoderConfig config, LoraOptions options) =>
        options.IsOn ? Shapes(config, options).Sum(weight => weight.Shape[0] * weight.Shape[1]) : 0;

    /// <summary>Names and shapes of all weights, for checks before memory is asked for.</summary>
    /// <exception cref="BadInputException">The family calls a matrix otherwise than files of adapters do.</exception>
    internal static IEnumerable<(string Name, long[] Shape)> Shapes(DecoderConfig config, LoraOptions options)
    {
        foreach (var module in options.TargetModules) RequireName(config, module);
        foreach (var layer in new WeightLayout(config).Layers)
        {
            foreach (var module in options.TargetModules.Order())
            {
                var projection = layer[module];
                yield return (NameOf(projection.Module, SuffixA), [options.Rank, projection.Inputs]);
                yield return (NameOf(projection.Module, SuffixB), [projection.Outputs, options.Rank]);
            }
        }
    }

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
    internal LowRank? Of(string weight) => WeightNames.ModuleOf(weight) is { } module && Weights.Find(NameOf(module, SuffixA)) is { } a
        ? new LowRank(a, Weights[NameOf(module, SuffixB)], Options.Alpha / Options.Rank)
        { Thin = Options.Dropout > 0 ? x => Dropout.Apply(x, NameOf(module, SuffixA)) : null }
        : null;

    public void Dispose() => Weights.Dispose();

    /// <summary>PEFT finds the matrices by the ends of their names, and recipes and files know those of <see cref="Projection"/>.</summary>
    private static void RequireName(DecoderConfig config, Projection projection)
    {
        var (name, expected) = (config.Names.Of(projection), OptionNames.Of(projection.ToString()));
        if (name != expected && !name.EndsWith($".{expected}", StringComparison.Ordinal))
        {
            throw new BadInputException($"model.lora.target_modules: '{expected}' is called '{name}' in models of the family '{config.ModelType}', " +
                "which cannot be adapted; leave it out, or set rank to 0.");
        }
    }

    private static string NameOf(string module, string suffix) => $"{Prefix}{module}{suffix}";
}
