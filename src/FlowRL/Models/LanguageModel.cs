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
    public int[] EncodePrompt(string prompt) => Encode(Tokenizer, prompt);

    /// <summary>The ids of a prompt; a conversation as the model's chat template renders it, up to where the answer begins.</summary>
    /// <exception cref="BadInputException">A conversation, and the tokenizer has no chat template.</exception>
    public int[] EncodePrompt(Prompt prompt) => EncodePrompt(Tokenizer, prompt, Path);

    /// <summary>The same without a model.</summary>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="prompt">A text or a conversation.</param>
    /// <param name="path">Where the tokenizer is from, for messages.</param>
    /// <exception cref="BadInputException">A conversation, and the tokenizer has no chat template.</exception>
    internal static int[] EncodePrompt(ITokenizer tokenizer, Prompt prompt, string? path) => prompt switch
    {
        Prompt.Chat chat => Template(tokenizer, path).Encode(tokenizer, chat),
        _ => Encode(tokenizer, prompt.Text),
    };

    /// <summary>The ids of a conversation as the model's chat template renders it.</summary>
    /// <exception cref="BadInputException">The tokenizer has no chat template, or the template refuses the conversation.</exception>
    internal int[] EncodeChat(ChatRequest request) => ChatEncoding.Ids(Tokenizer, Template(Tokenizer, Path).Render(request).Text);

    /// <summary>Whether conversations can be encoded.</summary>
    internal bool HasChatTemplate => PaddedVocabulary.Pretrained(Tokenizer) is { } pretrained && ChatTemplate.IsThere(pretrained);

    /// <summary>The ids of a completion, ended as the model ends its responses.</summary>
    public int[] EncodeCompletion(string completion) => [.. Tokenizer.Encode(completion), Tokenizer.EndOfSequenceIds[0]];

    public void Dispose() => Decoder.Dispose();

    private static int[] Encode(ITokenizer tokenizer, string prompt) =>
        tokenizer.BeginOfSequenceId is { } begin ? [begin, .. tokenizer.Encode(prompt)] : tokenizer.Encode(prompt);

    /// <summary>The chat template that came with a tokenizer.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    internal static ChatTemplate Template(ITokenizer tokenizer, string? path) =>
        PaddedVocabulary.Pretrained(tokenizer) is { } pretrained ? ChatTemplate.Of(pretrained)
        : throw new BadInputException($"The tokenizer of '{path}' has no chat template; leave --chat out, or set task.data.prompt.chat to false.");
}
