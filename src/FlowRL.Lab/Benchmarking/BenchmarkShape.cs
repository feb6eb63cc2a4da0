using FlowRL.Models;

namespace FlowRL.Lab.Benchmarking;

/// <summary>A model shape with random weights, and how much is decoded and trained at once.</summary>
/// <param name="Name">S, M, Q or 135M.</param>
/// <param name="Config">The shape.</param>
/// <param name="Sequences">Decoded side by side.</param>
/// <param name="TrainSequences">Trained in one step.</param>
public sealed record BenchmarkShape(string Name, DecoderConfig Config, int Sequences, int TrainSequences)
{
    public const string Names = "S, M, Q and 135M";

    public int PromptTokens { get; init; } = 24;

    public int NewTokens { get; init; } = 72;

    /// <summary>Response tokens of a trained sequence; as many as are sampled unless given.</summary>
    public int TrainTokens { get => field > 0 ? field : NewTokens; init; }

    /// <summary>New tokens in the comparison with tensor operations, which take long for a large model.</summary>
    public int ComparedTokens { get; init; } = 72;

    /// <summary>Whether weights and cache are BF16 while decoding, as for a model that no cache of the machine holds.</summary>
    public bool IsShort { get; init; }

    /// <summary>Whether one sequence alone is decoded too.</summary>
    public bool DecodesOne { get; init; }

    /// <exception cref="BadInputException">There is no such shape.</exception>
    public static BenchmarkShape ByName(string name) => name switch
    {
        "S" => new BenchmarkShape(name, Llama(512, 256, 6, 8, 672), 256, 64),
        "M" => new BenchmarkShape(name, Llama(4096, 512, 8, 16, 1344), 64, 64),
        "Q" => new BenchmarkShape(name, QwenHalfBillion, 8, 4) { IsShort = true, DecodesOne = true, ComparedTokens = 16 },
        "135M" => new BenchmarkShape(name, SmolLm135M, 32, 8) { NewTokens = 64, ComparedTokens = 16, TrainTokens = 232 },
        _ => throw new BadInputException($"--shapes: there is no shape '{name}'; choose from {Names}, such as --shapes S,M."),
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

    /// <summary>The shape of SmolLM2-135M.</summary>
    public static DecoderConfig SmolLm135M { get; } = new()
    {
        ModelType = "llama",
        VocabularySize = 49152,
        Width = 576,
        FeedForwardWidth = 1536,
        Layers = 30,
        Heads = 9,
        KeyValueHeads = 3,
        HeadWidth = 64,
        ContextLength = 8192,
        RopeTheta = 100000,
        TiedEmbeddings = true,
        EndOfSequenceIds = [2],
    };

    internal static DecoderConfig Llama(int vocabulary, int width, int layers, int heads, int feedForward, int context = 96) => new()
    {
        ModelType = "llama",
        VocabularySize = vocabulary,
        Width = width,
        FeedForwardWidth = feedForward,
        Layers = layers,
        Heads = heads,
        KeyValueHeads = heads,
        HeadWidth = width / heads,
        ContextLength = context,
        TiedEmbeddings = true,
    };
}
