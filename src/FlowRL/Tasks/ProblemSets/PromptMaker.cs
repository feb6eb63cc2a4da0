using System.Text.Json.Nodes;
using FlowRL.Files;
using FlowRL.Tokenization;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>Makes prompts of problems, and conversations of a row's own.</summary>
internal sealed class PromptMaker
{
    private readonly PromptOptions _options;
    private readonly JsonArray? _tools;
    private readonly JsonObject? _variables;

    /// <param name="options">Validated.</param>
    /// <exception cref="BadInputException">The file of tools is missing, or holds something else.</exception>
    public PromptMaker(PromptOptions options) => (_options, _tools, _variables) = (options, Tools(options.Tools), TemplateVariables.Of(options));

    public Prompt Of(string problem)
    {
        var text = Text(problem);
        if (!_options.Chat) return text;
        var asked = new ChatMessage("user", text);
        return ChatOf(_options.System is null ? [asked] : [new ChatMessage("system", _options.System), asked], null, null);
    }

    /// <summary>The problem's text in the template.</summary>
    public string Text(string problem) => _options.Template?.Replace(PromptOptions.Place, problem, StringComparison.Ordinal) ?? problem;

    /// <summary>
    /// A conversation from the row: as it is, or with its last question through the template, the system message in place of its own, and its tools and
    /// variables above the recipe's.
    /// </summary>
    public Prompt.Chat Of(IReadOnlyList<ChatMessage> messages, JsonArray? tools, JsonObject? variables)
    {
        if (_options.Template is null && _options.System is null) return ChatOf(messages, tools, variables);
        var turns = messages.Where(message => _options.System is null || message.Role != "system").ToList();
        if (_options.Template is not null && turns.Count > 0) turns[^1] = turns[^1] with { Content = Text(turns[^1].Content) };
        if (_options.System is not null) turns.Insert(0, new ChatMessage("system", _options.System));
        return ChatOf(turns, tools, variables);
    }

    private Prompt.Chat ChatOf(IReadOnlyList<ChatMessage> messages, JsonArray? tools, JsonObject? variables) => new(messages)
    { Date = _options.Day, Tools = tools ?? _tools, Variables = TemplateVariables.Over(_variables, variables) };

    private static JsonArray? Tools(string? path)
    {
        if (path is null) return null;
        var found = ShippedFile.Find(path) ?? throw new BadInputException(
            $"{path}: there is no such file of tools (task.data.prompt.tools); give a path from {Directory.GetCurrentDirectory()} or a full one.");
        var text = JsonDamage.WithoutMark(InputFile.ReadBytes(found, "tools"));
        var isJson = StrictJson.TryParse(System.Text.Encoding.UTF8.GetString(text.Span), out var tools);
        return isJson && ConversationRows.Tools(tools) is { Count: > 0 } list ? list : throw new BadInputException(
            $"{path}: holds no list of tools; write a JSON array of objects, each as [{{\"type\": \"function\", \"function\": {{\"name\": ...}}}}].");
    }
}
