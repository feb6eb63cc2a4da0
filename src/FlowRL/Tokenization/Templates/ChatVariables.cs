using System.Text.Json.Nodes;
using FlowRL.Tokenization.Templates.Jinja;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates;

/// <summary>A request as the variables that transformers gives to a template.</summary>
internal static class ChatVariables
{
    /// <summary>The names under which templates look for reasoning, in the order in which a message's is taken.</summary>
    private static readonly string[] Reasoning = ["reasoning_content", "thinking", "reasoning"];

    /// <summary>What is put behind a message that stays open, so that its end is found whatever the template does with it.</summary>
    private static readonly TracedText Mark = TracedText.Of("CONTINUE_FINAL_MESSAGE_TAG ", new Origin("#mark", IsText: true));

    public static IEnumerable<(string, Value)> Of(ChatRequest request, IReadOnlyDictionary<string, string> specialTokens, Budget budget)
    {
        foreach (var (name, text) in specialTokens)
            yield return (name, Value.Of(text));
        foreach (var (name, value) in request.Variables ?? [])
            yield return (name, InputValues.From(value, $"kwargs/{name}", budget));
        var messages = request.Messages.Select((message, i) => request.Verbatim ? InputValues.From(message, $"messages/{i}", budget)
            : Message(message, $"messages/{i}", request.ContinueFinalMessage && i == request.Messages.Count - 1, budget));
        yield return ("messages", new ListValue([.. messages]) { Origin = new Origin("messages", IsText: false) });
        // Always given, so that a template that asks whether they are defined gets the same answer as from transformers.
        yield return ("tools", InputValues.From(request.Tools, "tools", budget));
        yield return ("documents", InputValues.From(request.Documents, "documents", budget));
        yield return ("add_generation_prompt", Value.Of(request.AddGenerationPrompt && !request.ContinueFinalMessage));
    }

    /// <summary>The text up to where the message that stays open was left.</summary>
    /// <exception cref="JinjaException">The template did not write that message.</exception>
    public static TracedText UpToMark(TracedText text)
    {
        var mark = text.Runs.LastOrDefault(run => run.Origin is { Path: "#mark" });
        if (mark.Origin is null) throw JinjaException.Value("the last message is to be continued, and the template does not write its text");
        var (kept, isWhole) = (text.Slice(0, mark.Start), mark.End - mark.Start == Mark.Plain.Length);
        return isWhole ? kept : Characters.Strip(kept, null, left: false, right: true);
    }

    /// <summary>Without fields that are null, and with its reasoning under the names that templates know.</summary>
    private static DictionaryValue Message(JsonNode? message, string path, bool staysOpen, Budget budget)
    {
        if (InputValues.From(message, path, budget) is not DictionaryValue fields)
            throw JinjaException.Value($"{path} is no message: an object with role and content is needed");
        var kept = fields.Entries.Where(field => field.Value is not NoneValue).Select(field =>
            (field.Key, staysOpen && field.Key is StringValue { Plain: "content" } ? Marked(field.Value, path, budget) : field.Value)).ToList();
        if (staysOpen && fields.Find("content") is null or NoneValue) throw JinjaException.Value($"{path} is to be continued, and has no content");
        if (Reasoning.Select(fields.Find).FirstOrDefault(value => value is not (null or NoneValue)) is { } reasoning)
            kept.AddRange([(Value.Of("thinking"), reasoning), (Value.Of("reasoning_content"), reasoning)]);
        return DictionaryValue.From(kept, budget, fields.Origin);
    }

    /// <summary>A content with the mark behind its text, or behind the text of its last part.</summary>
    private static Value Marked(Value content, string path, Budget budget) => content switch
    {
        StringValue text => Value.Of(new TracedBuilder(budget).Append(text.Text).Append(Mark).ToText()),
        ListValue { Items: [.., DictionaryValue last] } parts when last.Find("text") is { } text => new ListValue(
            [.. parts.Items.SkipLast(1), With(last, "text", Marked(text, path, budget), budget)])
        { Origin = parts.Origin },
        _ => throw JinjaException.Value($"{path} is to be continued, and its content does not end in a text"),
    };

    private static DictionaryValue With(DictionaryValue fields, string name, Value value, Budget budget) =>
        DictionaryValue.From([.. fields.Entries.Select(field => (field.Key, field.Value)), (Value.Of(name), value)], budget, fields.Origin);
}
