using System.Text.RegularExpressions;

namespace FlowRL.Tokenization.Templates;

/// <summary>
/// Llama-3: a header with the role, then the trimmed content. From Llama-3.1 on a system message with two dates stands first; the date
/// is the template's own and not today's, so that a prompt is the same tomorrow. Tools are left out.
/// </summary>
internal sealed partial class Llama3Template(string template) : ChatTemplate
{
    private const string Begin = "<|begin_of_text|>";
    private const string StartHeader = "<|start_header_id|>";
    private const string EndHeader = "<|end_header_id|>";
    private const string EndTurn = "<|eot_id|>";

    private readonly string? _date = template.Contains("Cutting Knowledge Date", StringComparison.Ordinal)
        ? Date().Match(template) is { Success: true } date ? date.Groups["date"].Value : "26 Jul 2024"
        : null;

    /// <summary>The begin of sequence may stand as the variable <c>bos_token</c>.</summary>
    public static IReadOnlySet<string> Markers { get; } = new HashSet<string> { StartHeader, EndHeader, EndTurn };

    /// <summary>The begin spelled out, and those that tools use.</summary>
    public static IReadOnlySet<string> OtherMarkers { get; } =
        new HashSet<string> { Begin, "<|eom_id|>", "<|python_tag|>", "<|end_of_text|>" };

    public override string Name => _date is null ? "Llama-3" : "Llama-3.1";

    internal override IEnumerable<ChatSegment> Segments(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, bool enableThinking)
    {
        yield return new ChatSegment(Begin, true);
        var turns = messages.Select(m => (m.Role, Content: m.Content.Trim()));
        if (_date is not null)
        {
            var system = messages[0].Role == "system" ? messages[0].Content.Trim() : "";
            turns = turns.Where(t => t.Role != "system")
                .Prepend(("system", $"Cutting Knowledge Date: December 2023\nToday Date: {_date}\n\n{system}"));
        }
        foreach (var (role, content) in turns)
        {
            foreach (var segment in Header(role))
                yield return segment;
            yield return new ChatSegment(content, false);
            yield return new ChatSegment(EndTurn, true);
        }
        if (!addGenerationPrompt)
            yield break;
        foreach (var segment in Header("assistant"))
            yield return segment;
    }

    private static IEnumerable<ChatSegment> Header(string role) =>
        [new(StartHeader, true), new(role, false), new(EndHeader, true), new("\n\n", false)];

    [GeneratedRegex(@"date_string = ""(?<date>[^""]+)""")]
    private static partial Regex Date();
}
