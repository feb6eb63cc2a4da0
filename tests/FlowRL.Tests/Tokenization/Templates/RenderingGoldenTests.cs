using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowRL.Tokenization.Templates;
using FlowRL.Tokenization.Templates.Jinja;

namespace FlowRL.Tests.Tokenization.Templates;

/// <summary>49 templates of public models and trainers with 32 conversations: the text, the assistant's spans, and who wrote what.</summary>
public sealed partial class RenderingGoldenTests
{
    /// <summary>Where an expression goes over two lines, Python gives the first, and we the line itself.</summary>
    private static readonly string[] OfTwoLines = ["olmo3 parts", "olmo3-think parts", "alpaca parts"];

    [Fact]
    public void Every_rendering_error_span_and_origin_is_the_references()
    {
        var conversations = ReferenceTemplates.ByName("conversations.json", "id");
        var templates = ReferenceTemplates.ByName("templates.json", "name");
        var parsed = templates.ToDictionary(t => t.Key, t => JinjaTemplate.Parse(File.ReadAllText(Path.Combine(ReferenceTemplates.Folder, $"{t.Key}.jinja"))));
        var origins = ReferenceTemplates.Lines("provenance.jsonl").ToDictionary(Key);
        var (outputs, traced, wrong) = (0, 0, new List<string>());
        foreach (var row in ReferenceTemplates.Lines("renderings.jsonl"))
        {
            var (name, conversation) = ((string)row["template"]!, conversations[(string)row["conversation"]!]);
            var request = ReferenceTemplates.Request(conversation, row);
            var rendered = Rendered(parsed[name], templates[name], request, row);
            if (rendered is null) continue;
            outputs++;
            if (rendered.Value.Error is { } error) wrong.Add($"{Key(row)}: {error}");
            else if (row["without"] is null && origins.TryGetValue(Key(row), out var origin))
            {
                traced++;
                if (Origins(rendered.Value.Text!) != Written(origin)) wrong.Add($"{Key(row)}: {Origins(rendered.Value.Text!)} instead of {Written(origin)}");
            }
        }
        Assert.Empty(wrong);
        Assert.Equal((2684, 2680), (outputs, traced));
    }

    /// <summary>The text, or how it differs; null for an error that is the reference's.</summary>
    private static (RenderedText? Text, string? Error)? Rendered(JinjaTemplate template, JsonNode about, ChatRequest request, JsonNode row)
    {
        try
        {
            var rendered = template.Render(budget => ChatVariables.Of(request, ReferenceTemplates.SpecialTokens(about), budget),
                row["without"] is null ? ReferenceTemplates.Now : null);
            if (request.ContinueFinalMessage) rendered = rendered with { Text = ChatVariables.UpToMark(rendered.Text) };
            if (rendered.Text.Plain != (string?)row["output"]) return (null, rendered.Text.Plain);
            var spans = rendered.Generated.Select(span => $"{At(rendered, span.Start)}-{At(rendered, span.End)}");
            return row["spans"] is JsonArray wanted && !spans.SequenceEqual(wanted.Select(span => $"{span![0]}-{span[1]}"))
                ? (null, $"spans {string.Join(' ', spans)}") : (rendered, null);
        }
        catch (JinjaException e)
        {
            var error = row["error"];
            var isSame = error is not null && ReferenceTemplates.NameOf(e.Kind) == (string)error["kind"]! && e.Message == (string)error["message"]!
                && ((int)error["line"]! == e.At!.Value.Line || OfTwoLines.Contains($"{row["template"]} {row["conversation"]}"));
            return isSame ? null : (null, $"{e.Kind} at {e.At}: {e.Message}");
        }
    }

    private static string Key(JsonNode row) => $"{row["template"]} {row["conversation"]} {row["kwargs"]!.ToJsonString()}";

    private static int At(RenderedText rendered, int place) => ReferenceTemplates.CodePoint(rendered.Text.Plain, place);

    /// <summary>Texts of the input, and wider spans where whole values were printed, as the reference lists them.</summary>
    private static string Origins(RenderedText rendered)
    {
        var (strings, values) = (new List<(int Start, int End, string Path)>(), new List<(int Start, int End, string Path)>());
        foreach (var (start, end, origin) in rendered.Text.Runs.Where(run => run.Origin is not null))
        {
            var span = (At(rendered, start), At(rendered, end), Short(origin!.Path));
            if (origin.IsText) Add(strings, span);
            Add(values, span);
        }
        values.RemoveAll(value => strings.Exists(text => text.Path == value.Path && text.Start <= value.Start && value.End <= text.End));
        return $"{string.Join(' ', strings)} | {string.Join(' ', values)}";
    }

    private static void Add(List<(int Start, int End, string Path)> spans, (int Start, int End, string Path) span)
    {
        if (spans.Count > 0 && spans[^1].End == span.Start && spans[^1].Path == span.Path) spans[^1] = (spans[^1].Start, span.End, span.Path);
        else spans.Add(span);
    }

    private static string Written(JsonNode row) => $"{Listed(row["strings"])} | {Listed(row["values"])}";

    private static string Listed(JsonNode? spans) =>
        string.Join(' ', (spans as JsonArray ?? []).Select(span => ((int)span![0]!, (int)span[1]!, (string)span[2]!)));

    /// <summary>The reference goes into no tool and no argument of a call.</summary>
    private static string Short(string path) => path.StartsWith("tools/", StringComparison.Ordinal) ? string.Join('/', path.Split('/').Take(2))
        : Arguments().Replace(path, "$1") is var cut && cut.EndsWith("/#key", StringComparison.Ordinal) ? cut[..^5] : cut;

    [GeneratedRegex("(/arguments)/.*")]
    private static partial Regex Arguments();
}
