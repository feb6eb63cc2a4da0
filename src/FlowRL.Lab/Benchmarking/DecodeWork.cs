using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tokenization;

namespace FlowRL.Lab.Benchmarking;

/// <summary>What is sampled in one run.</summary>
/// <param name="Model">Borrowed.</param>
/// <param name="Tokenizer">Decides where responses end.</param>
/// <param name="Requests">The prompts.</param>
/// <param name="Sampling">How tokens are drawn.</param>
/// <param name="Slots">Sequences side by side.</param>
/// <param name="Decode">The engine measured.</param>
/// <param name="ComparedTokens">New tokens at most in the comparison with tensor operations; 0 where there is none.</param>
internal sealed record DecodeWork(
    Decoder Model, ITokenizer Tokenizer, IReadOnlyList<SampleRequest> Requests, SamplingOptions Sampling, int Slots, DecodeOptions Decode,
    int ComparedTokens)
{
    /// <summary>Full-length responses at temperature 1 to prompts of their own: nothing is shared, nothing ends early.</summary>
    public static DecodeWork Of(Decoder model, BenchmarkShape shape, int sequences)
    {
        var requests = Enumerable.Range(0, sequences).Select(i => new SampleRequest(new Problem($"{i}", "", ""),
            [.. Enumerable.Range(0, shape.PromptTokens).Select(t => (7 * i + t) % Math.Min(500, shape.Config.VocabularySize))], 1, (ulong)i)).ToList();
        var type = shape.IsShort ? DecodeType.Bfloat16 : DecodeType.Float32;
        return new DecodeWork(model, new NeverEnding(shape.Config.VocabularySize), requests,
            new SamplingOptions { MaxNewTokens = shape.NewTokens }, sequences,
            new DecodeOptions { Weights = type, Cache = type }, shape.ComparedTokens);
    }
}
