using System.Globalization;
using System.Text.Json.Nodes;
using FlowRL.Data;
using FlowRL.Models;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tokenization;
using FlowRL.Tokenization.Templates;

namespace FlowRL.Runs;

/// <summary>A row to answer.</summary>
/// <param name="Id">What the row calls itself, else its line.</param>
/// <param name="Source">Its <c>prompt</c> or <c>messages</c>, as the file has it.</param>
/// <param name="IsChat">Whether it is a conversation in the file.</param>
/// <param name="Ids">What the model reads: at least one token, and fewer than its context holds.</param>
internal sealed record PromptRow(JsonNode Id, JsonNode Source, bool IsChat, int[] Ids)
{
    public SampleRequest Request(int samples, ulong seed) => new(new Problem(Id.ToString(), "", ""), Ids, samples, seed);
}

/// <summary>Reads rows to answer as token ids.</summary>
/// <param name="model">The model that answers; borrowed.</param>
/// <param name="chat">Whether texts are a user's messages too.</param>
internal sealed class PromptRows(LanguageModel model, bool chat)
{
    private const string Prompt = "prompt", Messages = "messages";

    /// <exception cref="BadInputException">The row has neither field, or the model cannot read it.</exception>
    public PromptRow Read(DataRow row)
    {
        var (source, isChat) = (row.Fields[Prompt], row.Fields[Messages]) switch
        {
            ({ } text, null) => (text, false),
            (null, { } messages) => (messages, true),
            (null, null) => throw row.Refusal("has neither 'prompt' nor 'messages'; give one of them"),
            _ => throw row.Refusal("has both 'prompt' and 'messages'; give one of them"),
        };
        var ids = isChat ? Encode(row, Conversation(row, source))
            : source is JsonValue value && value.TryGetValue<string>(out var prompt)
                ? chat ? Encode(row, new ChatRequest([new ChatMessage("user", prompt)])) : model.EncodePrompt(prompt)
                : throw row.Refusal("'prompt' is not a text; give a conversation as 'messages'");
        if (ids.Length == 0) throw row.Refusal("the prompt is empty; give at least one token");
        var context = model.Decoder.Config.ContextLength;
        if (ids.Length >= context)
            throw row.Refusal($"the prompt has {ids.Length} tokens, and the model's context holds {context} with the response; shorten it");
        var id = row.Fields["id"] is JsonValue own ? own.DeepClone() : JsonValue.Create(row.Number);
        return new PromptRow(id, source.DeepClone(), isChat, ids);
    }

    private static ChatRequest Conversation(DataRow row, JsonNode source)
    {
        if (source is not JsonArray { Count: > 0 } messages) throw row.Refusal("'messages' is not a list with at least one message");
        foreach (var (i, message) in messages.Index())
        {
            if (message is not JsonObject fields || fields["role"] is not JsonValue role || !role.TryGetValue<string>(out _))
                throw row.Refusal(string.Create(CultureInfo.InvariantCulture, $"message {i + 1} is not an object with a 'role' that is a text"));
        }
        return new ChatRequest((JsonArray)messages.DeepClone());
    }

    private int[] Encode(DataRow row, ChatRequest request)
    {
        try
        {
            return model.EncodeChat(request);
        }
        catch (BadInputException refused)
        {
            throw new BadInputException($"{row.Place}: {refused.Message}", refused);
        }
    }
}
