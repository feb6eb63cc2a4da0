using FlowRL.Models;

namespace FlowRL.Benchmarking;

/// <summary>A model shape with random weights, and how much is decoded and trained at once.</summary>
/// <param name="Name">S, M or Q.</param>
/// <param name="Config">The shape.</param>
/// <param name="Sequences">Decoded side by side.</param>
/// <param name="TrainSequences">Trained in one step.</param>
/// <param name="IsShort">Whether weights and cache are BF16 while decoding, as for a model that no cache holds.</param>
internal sealed record BenchmarkShape(string Name, DecoderConfig Config, int Sequences, int TrainSequences, bool IsShort)
{
    public const int PromptTokens = 24;
    public const int NewTokens = 72;
    public const string Names = "S, M, Q1 and Q8";

    public static BenchmarkShape ByName(string name) => name switch
    {
        "S" => new BenchmarkShape(name, Llama(512, 256, 6, 8, 672), 256, 64, false),
        "M" => new BenchmarkShape(name, Llama(4096, 512, 8, 16, 1344), 64, 64, false),
        "Q1" => new BenchmarkShape(name, QwenHalfBillion, 1, 4, true),
        "Q" or "Q8" => new BenchmarkShape(name, QwenHalfBillion, 8, 4, true),
        _ => throw new BadInputException($"--shapes: there is no shape '{name}'; choose from {Names}."),
    };

    /// <summary>The shape of Qwen2.5-0.5B.</summary>
    public static DecoderConfig QwenHalfBillion { get; } = new()
    {
        ModelType = "qwen2",
        VocabularySize = 151936,
        Width = 896,
        FeedForwardWidth = 4864,
        Layers = 24,
        Heads = 14,
        KeyValueHeads = 2,
        HeadWidth = 64,
        ContextLength = 32768,
        RopeTheta = 1000000,
        TiedEmbeddings = true,
        QueryKeyValueBias = true,
        EndOfSequenceIds = [151645],
    };

    private static DecoderConfig Llama(int vocabulary, int width, int layers, int heads, int feedForward) => new()
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
