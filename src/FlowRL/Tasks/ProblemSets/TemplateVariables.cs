using System.Text.Json.Nodes;
using FlowRL.Files;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>Variables that a recipe gives to a chat template, from text as recipes hold it.</summary>
internal static class TemplateVariables
{
    /// <summary>Names that a conversation gives to its template.</summary>
    public static readonly string[] Taken = ["messages", "tools", "documents", "add_generation_prompt", "continue_final_message"];

    /// <summary>JSON where it begins like JSON's values that are no text; else text as it stands. False where it begins so and is none.</summary>
    public static bool TryRead(string text, out JsonNode? value)
    {
        var isJson = text is "true" or "false" or "null" or ['[' or '{' or '"', ..];
        if (isJson) return StrictJson.TryParse(text, out value);
        // A number, unless it only begins as one, such as a date.
        if (text is ['-' or (>= '0' and <= '9'), ..] && StrictJson.TryParse(text, out value)) return true;
        value = JsonValue.Create(text);
        return true;
    }

    /// <summary>The variables of validated options; null for none.</summary>
    public static JsonObject? Of(PromptOptions options)
    {
        var all = new JsonObject();
        foreach (var (name, text) in options.Variables)
            all[name] = TryRead(text, out var value) ? value : throw new InvalidOperationException($"{text} has not been validated.");
        if (options.EnableThinking is { } thinking) all[PromptOptions.Thinking] = thinking;
        return all.Count == 0 ? null : all;
    }

    /// <summary>Both, the second above the first; null where both are.</summary>
    public static JsonObject? Over(JsonObject? first, JsonObject? second)
    {
        if (second is null || first is null) return second ?? first;
        var all = first.DeepClone().AsObject();
        foreach (var (name, value) in second) all[name] = value?.DeepClone();
        return all;
    }
}
