using System.ComponentModel;
using System.Globalization;
using FlowRL.Configuration;
using FlowRL.Tokenization;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>How a problem becomes what the model reads.</summary>
public sealed record PromptOptions : IValidated
{
    /// <summary>What stands for the problem in a template.</summary>
    public const string Place = "{problem}";

    private const string DateFormat = "yyyy-MM-dd";

    [Description("The prompt, with {problem} where the problem goes. A row that holds a conversation keeps its own words unless this is given.")]
    public string? Template { get; init; }

    [Description("Whether the model's chat template is put around it. Rows that hold a conversation are chats either way.")]
    public bool Chat { get; init; }

    [Description("A system message before it, with chat.")]
    public string? System { get; init; }

    [Description("The date that the model's chat template writes, as 2026-01-31. Left out, a fixed one: never today's, so that a prompt is the same tomorrow.")]
    public string? Date { get; init; }

    private DateOnly? Day => Date is null ? null : DateOnly.ParseExact(Date, DateFormat, CultureInfo.InvariantCulture);

    public IEnumerable<string> Validate()
    {
        if (Date is not null && !DateOnly.TryParseExact(Date, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            yield return $"date: \"{Date}\" is no date; write year, month and day as 2026-01-31.";
        if (Template is not null && !Template.Contains(Place, StringComparison.Ordinal))
            yield return $"template: has no {Place}; every problem would have the same prompt.";
        if (System is not null && !Chat)
            yield return "system: a system message is part of a conversation; set chat to true, or put its words into the template.";
    }

    internal Prompt Of(string problem)
    {
        var text = Template?.Replace(Place, problem, StringComparison.Ordinal) ?? problem;
        if (!Chat) return text;
        var asked = new ChatMessage("user", text);
        return ChatOf(System is null ? [asked] : [new ChatMessage("system", System), asked]);
    }

    /// <summary>A conversation from the row: as it is, or with its last message through the template.</summary>
    internal Prompt Of(IReadOnlyList<ChatMessage> messages)
    {
        if (Template is null && System is null) return ChatOf(messages);
        var turns = messages.Where(message => System is null || message.Role != "system").ToList();
        if (Template is not null) turns[^1] = turns[^1] with { Content = Template.Replace(Place, turns[^1].Content, StringComparison.Ordinal) };
        if (System is not null) turns.Insert(0, new ChatMessage("system", System));
        return ChatOf(turns);
    }

    private Prompt.Chat ChatOf(IReadOnlyList<ChatMessage> messages) => new(messages) { Date = Day };
}
