using FlowRL.Data;
using FlowRL.Models;
using FlowRL.Tokenization.Templates;

namespace FlowRL.Training.Supervised;

/// <summary>What became of an example.</summary>
/// <param name="Sequence">Its tokens; null where it is left out.</param>
/// <param name="Tokens">How many it has, uncut.</param>
/// <param name="Problem">Why it is left out; null where it is not.</param>
internal sealed record EncodedExample(TokenSequence? Sequence, int Tokens, string? Problem)
{
    /// <summary>Whether the row itself is at fault, rather than its length.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>Whether its end was left out.</summary>
    public bool IsCut { get; init; }
}

/// <summary>Examples as token ids, with which of them are taught. Thread-safe.</summary>
/// <param name="model">Whose tokenizer and chat template; borrowed.</param>
/// <param name="loss">What is taught.</param>
/// <param name="limit">Tokens that an example may have.</param>
/// <param name="cuts">Whether longer ones are cut, rather than left out.</param>
internal sealed class ExampleEncoder(LanguageModel model, TaughtTokens loss, int limit, bool cuts)
{
    public EncodedExample Encode(WrittenExample written)
    {
        int[] ids;
        bool[] taught;
        try
        {
            (ids, taught) = Tokens(written);
        }
        catch (BadInputException refused)
        {
            return new EncodedExample(null, 0, refused.Message.TrimEnd('.')) { IsDamaged = true };
        }
        if (!taught.Skip(1).Contains(true)) return new EncodedExample(null, ids.Length, "nothing in it is the assistant's") { IsDamaged = true };
        if (ids.Length <= limit) return new EncodedExample(Sequence(ids, taught), ids.Length, null);
        if (!cuts) return new EncodedExample(null, ids.Length, $"over {limit} tokens");
        return taught.Take(limit).Skip(1).Contains(true) ? new EncodedExample(Sequence(ids[..limit], taught[..limit]), ids.Length, null) { IsCut = true }
            : new EncodedExample(null, ids.Length, $"nothing is the assistant's within {limit} tokens");
    }

    /// <summary>What is given before the first taught token, and what follows up to the last: nothing is learnt behind it.</summary>
    private static TokenSequence Sequence(int[] ids, bool[] taught)
    {
        var first = Math.Max(1, Array.IndexOf(taught, true, 1)); // nothing predicts the very first token
        var end = Array.LastIndexOf(taught, true) + 1;
        var mask = taught[first..end];
        return new TokenSequence(ids[..first], ids[first..end]) { Taught = Array.TrueForAll(mask, one => one) ? null : mask };
    }

    private (int[] Ids, bool[] Taught) Tokens(WrittenExample written)
    {
        switch (written)
        {
            case WrittenExample.Conversation conversation:
                return Chat(conversation);
            case WrittenExample.Pair pair:
                var (prompt, completion) = (model.EncodePrompt(pair.Prompt), model.EncodeCompletion(pair.Completion));
                int[] both = [.. prompt, .. completion];
                return (both, [.. both.Select((_, i) => loss == TaughtTokens.All || i >= prompt.Length)]);
            default:
                var whole = Whole(written.Text);
                return (whole, [.. whole.Select(_ => true)]);
        }
    }

    private (int[] Ids, bool[] Taught) Chat(WrittenExample.Conversation conversation)
    {
        var messages = conversation.Chat.Messages;
        var chat = LanguageModel.Template(model.Tokenizer, model.Path)
            .Encode(model.Tokenizer, new ChatRequest(conversation.Chat) { AddGenerationPrompt = false });
        if (loss == TaughtTokens.All) return (chat.Ids, [.. chat.Ids.Select(_ => true)]);
        var last = messages.ToList().FindLastIndex(message => message.Role == "assistant");
        bool IsTaught(int message) => message >= conversation.FirstTaught && (loss == TaughtTokens.Assistant || message == last)
            && FieldText.Of(messages[message].Fields?["weight"]) != "0";
        return (chat.Ids, [.. chat.Answer.Select(message => message != EncodedChat.Nobody && IsTaught(message))]);
    }

    /// <summary>A text that may have been rendered before: its special tokens are special, and it begins and ends once.</summary>
    private int[] Whole(string text)
    {
        var (tokenizer, ids) = (model.Tokenizer, model.Tokenizer.Encode(text, parseSpecial: true));
        var begins = tokenizer.BeginOfSequenceId is { } begin && (ids.Length == 0 || ids[0] != begin) ? new[] { begin } : [];
        var ends = tokenizer.EndOfSequenceIds is { Count: > 0 } all && (ids.Length == 0 || !all.Contains(ids[^1])) ? new[] { all[0] } : [];
        return [.. begins, .. ids, .. ends];
    }
}
