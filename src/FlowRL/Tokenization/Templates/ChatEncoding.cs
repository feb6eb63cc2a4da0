using FlowRL.Tokenization.Templates.Jinja;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates;

/// <summary>A rendered conversation as token ids.</summary>
internal static class ChatEncoding
{
    /// <summary>Special tokens are found only in what the template wrote; what a message wrote is encoded as text.</summary>
    public static int[] Ids(ITokenizer tokenizer, TracedText text) =>
        Pretrained(tokenizer).Encode(text.Plain, (start, end) => text.IsOf(null, start, end));

    public static EncodedChat WithAssistant(ITokenizer tokenizer, RenderedText rendered, ChatRequest request)
    {
        var ids = Ids(tokenizer, rendered.Text);
        var (spans, takeEnds) = AssistantSpans.Of(rendered, request);
        var places = TokenPlaces.Of(tokenizer, ids, rendered.Text.Plain);
        var messages = new int[ids.Length];
        Array.Fill(messages, EncodedChat.Nobody);
        var token = 0;
        foreach (var (message, start, end) in spans)
        {
            if (start == end) continue;
            while (token < ids.Length && places[token].End <= start) token++;
            for (; token < ids.Length && places[token].Start < end; token++) messages[token] = message;
            if (takeEnds && EndOfTurn(tokenizer, ids, places, token, rendered.Text) is { } last) Array.Fill(messages, message, token, last + 1 - token);
        }
        return new EncodedChat(ids, messages);
    }

    /// <summary>
    /// The token that ends a turn: the first behind it, in what the template wrote, that ends a response; else the one special token that
    /// follows at once. Null where the turn has none.
    /// </summary>
    private static int? EndOfTurn(ITokenizer tokenizer, int[] ids, IReadOnlyList<(int Start, int End)> places, int from, TracedText text)
    {
        for (var i = from; i < ids.Length && text.IsOf(null, places[i].Start, places[i].End); i++)
        {
            if (tokenizer.EndOfSequenceIds.Contains(ids[i])) return i;
        }
        return from < ids.Length && tokenizer.IsSpecial(ids[from]) ? from : null;
    }

    private static PretrainedTokenizer Pretrained(ITokenizer tokenizer) => PaddedVocabulary.Pretrained(tokenizer)
        ?? throw new BadInputException("A vocabulary of llama2.c has no special tokens, which chat templates write; take a model with a tokenizer.json.");
}
