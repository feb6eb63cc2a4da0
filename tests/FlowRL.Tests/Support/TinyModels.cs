using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Tests.Support;

/// <summary>Small random models of each family.</summary>
public static class TinyModels
{
    public static DecoderConfig Config(string family = "llama", int vocabulary = 23, int context = 64) => new()
    {
        ModelType = family,
        VocabularySize = vocabulary,
        Width = 24,
        FeedForwardWidth = 40,
        Layers = 2,
        Heads = 4,
        KeyValueHeads = 2,
        HeadWidth = family == "qwen3" ? 8 : 6,
        ContextLength = context,
        TiedEmbeddings = family != "llama",
        QueryKeyValueBias = family == "qwen2",
        QueryKeyNorm = family == "qwen3" ? QueryKeyNorm.EachHead : QueryKeyNorm.None,
        EndOfSequenceIds = [2],
        InitializerRange = 0.3,
    };

    public static Decoder Create(DecoderConfig config, ulong seed = 1)
    {
        var model = new Decoder(config, CPU);
        model.Initialize(seed);
        return model;
    }
}
