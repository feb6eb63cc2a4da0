using FlowRL.Checkpoints;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Checkpoints.Gguf.Families;
using FlowRL.Models;
using FlowRL.Models.Families;
using FlowRL.Tests.Models.Families;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints.Gguf;

/// <summary>
/// A golden family's model as GGUF has words for it. Some golden descriptions have numbers that llama.cpp has built in as others: the same weights are
/// taken with its numbers.
/// </summary>
internal sealed class GgufGoldenFamily(string name)
{
    /// <summary>What each description changes, where it does.</summary>
    private static readonly Dictionary<string, Func<DecoderConfig, DecoderConfig>> Changes = new()
    {
        ["mistral"] = config => config with { LayerShapes = [] },
        ["smollm3"] = config => config with { LayerShapes = [.. Enumerable.Range(1, 4).Select(layer => LayerShape.Plain with { Turns = layer != 4 })] },
        ["gemma2"] = config => config with { AttentionScale = 1 / Math.Sqrt(config.HeadWidth) },
        ["gemma3_text"] = config => config with { AttentionScale = 1 / Math.Sqrt(config.HeadWidth) },
        ["gpt_oss"] = config => config with { Experts = config.Experts! with { Clamp = new ClampedGate(7, 1.702) } },
    };

    private readonly GoldenFamily _golden = new(name);

    public DecoderConfig Config => Changes.TryGetValue(name, out var change) ? change(_golden.Config()) : _golden.Config();

    public GgufExported Export(string file, string type = "f32", DecoderConfig? config = null)
    {
        // Of names with "phi3" in them llama.cpp expects certain tokens.
        using var source = new ModelSource("golden", config ?? Config, WeightFolder.Open(_golden.Folder), Letters());
        return GgufExport.Model(source, file, type, ModelFamilies.BuiltIn);
    }

    private static Lazy<ITokenizer> Letters() => new(() => TokenizerLoader.Load(GoldenFiles.Path("babyllama", "tok105.bin")));

    /// <summary>Adapters of this model: the reference's, or those of a folder.</summary>
    public GgufExported ExportAdapter(string file, string? folder = null)
    {
        folder ??= GoldenFiles.Path("families", "adapters", name);
        var options = AdapterConfigJson.Read(folder).Options;
        using var source = new ModelSource("golden", Config, WeightFolder.Open(_golden.Folder), Letters())
        {
            Adapter = new AdapterSource(options, AdapterFolder.OpenWeights(folder, options, Config)),
        };
        return GgufExport.Adapter(source, file, "f32");
    }

    /// <summary>The model that was written, perhaps with another description.</summary>
    public Decoder Load(DecoderConfig? config = null, LoraOptions? lora = null) => _golden.Load(config ?? Config, lora);

    /// <summary>The model that a file holds.</summary>
    public static Decoder Read(string file)
    {
        var (config, weights, _) = GgufModel.Open(file, ModelFamilies.BuiltIn);
        using (weights)
        {
            var decoder = new Decoder(config with { TokenizerSize = null }, CPU);
            decoder.Load(weights, file);
            return decoder;
        }
    }

    /// <summary>The file's weights under the names of the family that was written.</summary>
    public GgufWeights Weights(string file) => GgufWeights.Open(GgufFile.Open(file), GgufFamilies.OfModelType(Config.ModelType)!, Config);

    public int[] Ids() => _golden.Ids()[0];
}
