using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>
/// The weights of the text model inside of a vision model, under the names that the text model has alone; the others, of towers and projectors, are left
/// out. Owns the source.
/// </summary>
internal sealed class TextWeights : IWeightSource
{
    /// <summary>What the names begin with inside, and alone: older versions of transformers, then newer ones.</summary>
    private static readonly (string Inside, string Alone)[] Prefixes =
        [("language_model.model.", "model."), ("language_model.lm_head.", "lm_head."), ("model.language_model.", "model."), ("lm_head.", "lm_head.")];

    private static readonly string[] InsideOnly = ["language_model.", "model.language_model."];

    private readonly IWeightSource _source;
    private readonly Dictionary<string, string> _names; // alone to inside

    private TextWeights(IWeightSource source, Dictionary<string, string> names) => (_source, _names) = (source, names);

    /// <summary>The source itself where it is no vision model's.</summary>
    public static IWeightSource Of(IWeightSource source)
    {
        if (!source.Names.Any(name => InsideOnly.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))) return source;
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in source.Names)
        {
            var (inside, alone) = Prefixes.FirstOrDefault(prefix => name.StartsWith(prefix.Inside, StringComparison.Ordinal));
            if (inside is not null) names.TryAdd(alone + name[inside.Length..], name);
        }
        return new TextWeights(source, names);
    }

    public IReadOnlyCollection<string> Names => _names.Keys;

    public Tensor Read(string name) => _source.Read(_names[name]);

    public void Dispose() => _source.Dispose();
}
