using FlowRL.Models;

namespace FlowRL.Benchmarks;

/// <summary>A model shape and how many sequences are decoded side by side.</summary>
internal sealed record Shape(string Name, DecoderConfig Config, int Sequences)
{
    public const int PromptTokens = 24;
    public const int NewTokens = 72;

    public static Shape ByName(string name) => name switch
    {
        "S" => new Shape("S", Config512(512, 256, 6, 8, 672), 256),
        "M" => new Shape("M", Config512(4096, 512, 8, 16, 1344), 64),
        _ => throw new BadInputException($"--shapes: there is no shape '{name}'; choose from S and M."),
    };

    private static DecoderConfig Config512(int vocabulary, int width, int layers, int heads, int feedForward) => new()
    {
        ModelType = "llama",
        VocabularySize = vocabulary,
        Width = width,
        FeedForwardWidth = feedForward,
        Layers = layers,
        Heads = heads,
        KeyValueHeads = heads,
        HeadWidth = width / heads,
        ContextLength = PromptTokens + NewTokens,
        TiedEmbeddings = true,
    };
}
