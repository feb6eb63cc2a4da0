using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Tokenization;
using static TorchSharp.torch;

namespace FlowRL.Benchmarks;

/// <summary>A model of Qwen2.5-0.5B's shape with random weights, written as a Hugging Face folder.</summary>
internal static class QwenShape
{
    public static DecoderConfig Config { get; } = new()
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

    /// <param name="folder">Where the model goes.</param>
    /// <param name="tokenizer">A folder with a tokenizer.json of the Qwen vocabulary.</param>
    public static void Write(string folder, string tokenizer)
    {
        using var decoder = new Decoder(Config, CPU);
        decoder.Initialize(1);
        PretrainedModel.Save(folder, new LanguageModel(decoder, TokenizerLoader.Load(tokenizer)));
    }
}
