using FlowRL.Models.Families;
using FlowRL.Tokenization;
using FlowRL.Tokenization.Templates;

namespace FlowRL.Models;

/// <summary>A language model ready for use: weights and the tokenizer they were trained with. Owns the decoder.</summary>
public sealed record LanguageModel(Decoder Decoder, ITokenizer Tokenizer) : IDisposable
{
    /// <summary>Where the weights were read, without what adapters add; null for a new model.</summary>
    public string? Path { get; init; }

    /// <summary>Has the family in whose words the model is saved.</summary>
    public ModelFamilies Families { get; init; } = ModelFamilies.BuiltIn;

    /// <summary>The ids of a prompt, with the beginning-of-sequence token where the tokenizer has one.</summary>
    public int[] EncodePrompt(string prompt) =>
        Tokenizer.BeginOfSequenceId is { } begin ? [begin, .. Tokenizer.Encode(prompt)] : Tokenizer.Encode(prompt);

    /// <summary>The ids of a prompt; a conversation as the model's chat template renders it, up to where the answer begins.</summary>
    /// <exception cref="BadInputException">A conversation, and the tokenizer has no chat template.</exception>
    public int[] EncodePrompt(Prompt prompt) => prompt switch
    {
        Prompt.Chat chat => Template().Encode(Tokenizer, chat.Messages, addGenerationPrompt: true),
        _ => EncodePrompt(prompt.Text),
    };

    /// <summary>The ids of a completion, ended as the model ends its responses.</summary>
    public int[] EncodeCompletion(string completion) => [.. Tokenizer.Encode(completion), Tokenizer.EndOfSequenceIds[0]];

    public void Dispose() => Decoder.Dispose();

    private ChatTemplate Template() => (Tokenizer is PaddedVocabulary padded ? padded.Inner : Tokenizer) is PretrainedTokenizer pretrained
        ? ChatTemplate.Of(pretrained)
        : throw new BadInputException($"The tokenizer of '{Path}' has no chat template; leave --chat out, or set task.data.prompt.chat to false.");
}
