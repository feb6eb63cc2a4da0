using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Globalization;
using FlowRL.Configuration;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>How a problem becomes what the model reads.</summary>
public sealed record PromptOptions : IValidated
{
    /// <summary>What stands for the problem in a template.</summary>
    public const string Place = "{problem}";

    /// <summary>What <see cref="EnableThinking"/> sets.</summary>
    internal const string Thinking = "enable_thinking";

    private const string DateFormat = "yyyy-MM-dd";

    [Description("The prompt, with {problem} where the problem goes. A row that holds a conversation keeps its own words unless this is given.")]
    public string? Template { get; init; }

    [Description("Whether the model's chat template is put around it. Rows that hold a conversation are chats either way.")]
    public bool Chat { get; init; }

    [Description("A system message before it, with chat.")]
    public string? System { get; init; }

    [Description("The date that the model's chat template writes, as 2026-01-31. Left out, a fixed one: never today's, so that a prompt is the same tomorrow.")]
    public string? Date { get; init; }

    [Description("The switch of chat templates that have one: false closes the thinking at once, true asks for it. Left out, the template decides.")]
    public bool? EnableThinking { get; init; }

    [Description("Further variables of the chat template by name (chat_template_kwargs elsewhere), such as reasoning_effort: low. true, false, null, " +
        "numbers and what stands in brackets, braces or quotation marks are read as JSON, anything else as text. A row's own chat_template_kwargs go " +
        "above them.")]
    public IReadOnlyDictionary<string, string> Variables { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    [Description("A JSON file with a list of tools, each defined by a JSON schema, that the chat template tells the model of. A row's own tools stand in " +
        "place of them.")]
    public string? Tools { get; init; }

    internal DateOnly? Day => Date is null ? null : DateOnly.ParseExact(Date, DateFormat, CultureInfo.InvariantCulture);

    public IEnumerable<string> Validate()
    {
        if (Date is not null && !DateOnly.TryParseExact(Date, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            yield return $"date: \"{Date}\" is no date; write year, month and day as 2026-01-31.";
        if (Template is not null && !Template.Contains(Place, StringComparison.Ordinal))
            yield return $"template: has no {Place}; every problem would have the same prompt.";
        if (System is not null && !Chat)
            yield return "system: a system message is part of a conversation; set chat to true, or put its words into the template.";
        if (EnableThinking is not null && Variables.ContainsKey(Thinking))
            yield return $"variables.{Thinking}: stands in {Thinking} too; give it once.";
        foreach (var name in Variables.Keys.Intersect(TemplateVariables.Taken))
            yield return $"variables.{name}: is what a conversation itself gives to its template; choose another name{Instead(name)}.";
        foreach (var (name, text) in Variables.Where(pair => !TemplateVariables.TryRead(pair.Value, out _)))
            yield return $"variables.{name}: '{text}' is not JSON; close its brackets and quotation marks, or begin it with a letter, to be taken as text.";
    }

    private static string Instead(string name) => name == "tools" ? ", or name a file in task.data.prompt.tools" : "";
}
