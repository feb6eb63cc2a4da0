using FlowRL.Checkpoints;
using FlowRL.Lab.Benchmarking;
using FlowRL.Models;
using FlowRL.Tokenization;
using static TorchSharp.torch;

namespace FlowRL.Benchmarks;

/// <summary>A model of Qwen2.5-0.5B's shape with random weights, written as a Hugging Face folder.</summary>
internal static class QwenShape
{
    /// <param name="folder">Where the model goes.</param>
    /// <param name="tokenizer">A folder with a tokenizer.json of the Qwen vocabulary.</param>
    public static void Write(string folder, string tokenizer)
    {
        using var decoder = new Decoder(BenchmarkShape.QwenHalfBillion, CPU);
        decoder.Initialize(1);
        PretrainedModel.Save(folder, new LanguageModel(decoder, TokenizerLoader.Load(tokenizer)));
    }
}
