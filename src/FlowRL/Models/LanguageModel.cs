using FlowRL.Tokenization;

namespace FlowRL.Models;

/// <summary>A language model ready for use: weights and the tokenizer they were trained with. Owns the decoder.</summary>
public sealed record LanguageModel(Decoder Decoder, ITokenizer Tokenizer) : IDisposable
{
    /// <summary>Where the weights were read, without what adapters add; null for a new model.</summary>
    public string? Path { get; init; }

    /// <summary>The ids of a prompt, with the beginning-of-sequence token where the tokenizer has one.</summary>
    public int[] EncodePrompt(string prompt) =>
        Tokenizer.BeginOfSequenceId is { } begin ? [begin, .. Tokenizer.Encode(prompt)] : Tokenizer.Encode(prompt);

    /// <summary>The ids of a completion, ended as the model ends its responses.</summary>
    public int[] EncodeCompletion(string completion) => [.. Tokenizer.Encode(completion), Tokenizer.EndOfSequenceIds[0]];

    public void Dispose() => Decoder.Dispose();
}
