using System.Text.Json.Nodes;
using FlowRL.Tokenization;
using FlowRL.Tokenization.Templates;

namespace FlowRL.Tests.Tokenization.Templates;

/// <summary>Which tokens are the assistant's, against the spans that the reference library marks in templates for training.</summary>
public sealed class AssistantMaskTests
{
    /// <summary>A token is the assistant's where it has a part in a character of a span; byte for byte, which this vocabulary allows.</summary>
    [Fact]
    public void Masks_are_the_references_spans()
    {
        var conversations = ReferenceTemplates.ByName("conversations.json", "id");
        var templates = ReferenceTemplates.ByName("templates.json", "name");
        var parsed = new Dictionary<string, ChatTemplate>();
        var (masks, taught, wrong) = (0, 0, new List<string>());
        foreach (var row in ReferenceTemplates.Lines("renderings.jsonl").Where(row => row["spans"] is JsonArray))
        {
            var (name, conversation) = ((string)row["template"]!, (string)row["conversation"]!);
            if (!parsed.TryGetValue(name, out var template)) parsed[name] = template = Template(name, templates[name]);
            var request = ReferenceTemplates.Request(conversations[conversation], row) with { Date = DateOnly.FromDateTime(ReferenceTemplates.Now) };
            var chat = template.Encode(GoldenTokenizers.Gpt2, request);
            var expected = Mask(chat.Ids, (string)row["output"]!, (JsonArray)row["spans"]!);
            masks++;
            taught += expected.Count(one => one);
            if (!expected.SequenceEqual(chat.IsAssistant)) wrong.Add($"{name} {conversation} {row["kwargs"]!.ToJsonString()}");
            Assert.All(chat.Answer.Where(message => message != EncodedChat.Nobody), message =>
                Assert.Equal("assistant", (string?)request.Messages[message]!["role"]));
        }
        Assert.Empty(wrong);
        Assert.Equal(496, masks);
        Assert.InRange(taught, 5000, int.MaxValue);
    }

    [Fact]
    public void Each_token_knows_which_answer_it_is_of()
    {
        const string training = "{% for m in messages %}{{ m.role + ':' }}{% if m.role == 'assistant' %}{% generation %}{{ m.content + '.' }}{% endgeneration %}" +
            "{% else %}{{ m.content }}{% endif %}{% endfor %}";
        ChatMessage[] messages = [new("user", "a"), new("assistant", "b"), new("user", "c"), new("assistant", ""), new("user", "d"), new("assistant", "e")];
        foreach (var (template, of) in new[] { (training, new[] { 1, 3, 5 }), (training.Replace("m.role + ':'", "'x:'"), [1, 3, 5]) })
        {
            var chat = ChatTemplate.Parse(template, "test").Encode(GoldenTokenizers.Gpt2, new ChatRequest(messages) { AddGenerationPrompt = false });
            Assert.Equal(of, chat.Answer.Where(message => message != EncodedChat.Nobody).Distinct());
        }
        // Without the tag an empty answer writes nothing.
        var plain = ChatTemplate.Parse("{% for m in messages %}{{ m.role + ':' + m.content + '\n' }}{% endfor %}", "test")
            .Encode(GoldenTokenizers.Gpt2, new ChatRequest(messages) { AddGenerationPrompt = false });
        Assert.Equal([1, 5], plain.Answer.Where(message => message != EncodedChat.Nobody).Distinct());
    }

    private static ChatTemplate Template(string name, JsonNode about) => ChatTemplate.Parse(
        File.ReadAllText(Path.Combine(ReferenceTemplates.Folder, $"{name}.jinja")), name, ReferenceTemplates.SpecialTokens(about));

    private static bool[] Mask(int[] ids, string text, JsonArray spans)
    {
        var bytes = spans.Select(span => (Start: Bytes(text, (int)span![0]!), End: Bytes(text, (int)span[1]!))).ToList();
        var (mask, at) = (new bool[ids.Length], 0);
        for (var i = 0; i < ids.Length; i++)
        {
            var end = at + GoldenTokenizers.Gpt2.Bytes(ids[i]).Length;
            mask[i] = bytes.Exists(span => at < span.End && span.Start < end);
            at = end;
        }
        Assert.Equal(Bytes(text, int.MaxValue), at);
        return mask;
    }

    /// <summary>Bytes of so many code points.</summary>
    private static int Bytes(string text, int points) => text.EnumerateRunes().Take(points).Sum(rune => rune.Utf8SequenceLength);
}
