using System.Text.Json.Nodes;
using FlowRL.Tests.Support;
using FlowRL.Tokenization.Templates;
using FlowRL.Tokenization.Templates.Jinja;

namespace FlowRL.Tests.Tokenization.Templates;

/// <summary>Templates as the reference rendered them: at the same time, in the same words.</summary>
internal static class ReferenceTemplates
{
    public static DateTime Now { get; } = new(2026, 1, 2, 3, 4, 5);

    /// <summary>Other people's templates, with their renderings.</summary>
    public static string Folder => SharedModels.PathOf("chat-templates");

    public static RenderedText Render(string template, JsonObject context, JinjaLimits? limits = null, CancellationToken cancellation = default) =>
        JinjaTemplate.Parse(template, limits).Render(
            budget => context.Select(variable => (variable.Key, InputValues.From(variable.Value, variable.Key, budget))), Now, cancellation);

    public static IEnumerable<JsonNode> Lines(string file) => File.ReadLines(Path.Combine(Folder, file)).Select(line => JsonNode.Parse(line)!);

    public static Dictionary<string, JsonNode> ByName(string file, string key) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!.AsArray().ToDictionary(item => (string)item![key]!, item => item!);

    public static Dictionary<string, string> SpecialTokens(JsonNode template) =>
        new[] { "bos_token", "eos_token", "pad_token" }.Where(name => template[name] is not null).ToDictionary(name => name, name => (string)template[name]!);

    public static ChatRequest Request(JsonNode conversation, JsonNode row) => new((JsonArray)conversation["messages"]!.DeepClone())
    {
        Tools = (JsonArray?)conversation["tools"]?.DeepClone(),
        Documents = (JsonArray?)conversation["documents"]?.DeepClone(),
        Variables = (JsonObject?)conversation["kwargs"]?.DeepClone(),
        AddGenerationPrompt = (bool?)row["kwargs"]!["add_generation_prompt"] ?? false,
        ContinueFinalMessage = (bool?)conversation["continue_final_message"] ?? false,
        Verbatim = (bool?)conversation["as_they_stand"] ?? row["without"] is not null,
    };

    /// <summary>The reference's name for a kind of error.</summary>
    public static string NameOf(JinjaErrorKind kind) => kind == JinjaErrorKind.Raised ? "raise_exception" : kind.ToString().ToLowerInvariant();

    /// <summary>A place of a text in code points, which Python counts.</summary>
    public static int CodePoint(string text, int place) => text.Take(place).Count(c => !char.IsLowSurrogate(c));
}
