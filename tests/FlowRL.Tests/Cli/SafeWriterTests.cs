using System.Text.Json.Nodes;
using CsCheck;
using FlowRL.Cli;

namespace FlowRL.Tests.Cli;

public sealed class SafeWriterTests
{
    [Theory]
    [InlineData("a plain line, é 漢 😀 with a tab\tand a\nline", "a plain line, é 漢 😀 with a tab\tand a\nline")]
    [InlineData("\u202Etxt.exe", @"\u202etxt.exe")] // right to left
    [InlineData("a\u2066b\u2069", @"a\u2066b\u2069")] // isolated
    [InlineData("\u200E\u200F\u061C", @"\u200e\u200f\u061c")] // marks
    [InlineData("\u001B[31mred\u001B[0m", @"\u001b[31mred\u001b[0m")]
    [InlineData("50%\r100%", @"50%\u000d100%")]
    [InlineData("a\b\u007F\u009B2J\0", @"a\u0008\u007f\u009b2J\u0000")]
    [InlineData("\u2028\u2029\uFFF9", @"\u2028\u2029\ufff9")]
    [InlineData("x\U000E0041\U000E007F", @"x\udb40\udc41\udb40\udc7f")] // tags
    [InlineData("", "")]
    [InlineData(null, "")]
    public void What_would_act_on_a_terminal_is_shown(string? text, string shown) => Assert.Equal(shown, SafeWriter.Safe(text));

    [Fact]
    public void Nothing_that_acts_comes_through_whatever_is_written_and_json_stays_the_same_text() => Gen.String.Sample(text =>
    {
        using var inner = new StringWriter { NewLine = "\n" };
        using var writer = new SafeWriter(inner);
        writer.Write(text);
        writer.WriteLine(text);
        writer.Write(text.ToCharArray());
        foreach (var character in text.Where(character => !char.IsSurrogate(character))) writer.Write(character);
        Assert.DoesNotContain(inner.ToString(), character => (char.IsControl(character) && character is not ('\n' or '\t'))
            || character is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
        var json = CommandResult.Line(new JsonObject { ["text"] = text });
        var wellFormed = (string)JsonNode.Parse(json)!["text"]!;
        Assert.Equal(wellFormed, (string)JsonNode.Parse(SafeWriter.Safe(json))!["text"]!);
    });

    [Fact]
    public async Task What_a_tokenizer_a_path_or_a_file_says_is_shown_too()
    {
        var run = await ToolRun.Of(new TrainingEngine(), "tokenize", "embedded:countdown", "--decode", "\u202E9");
        Assert.Equal(2, run.Code);
        Assert.Contains(@"\u202e9", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', run.Error);
        run = await ToolRun.Of("inspect", "no\u001B[2Jwhere");
        Assert.StartsWith(@"no\u001b[2Jwhere does not exist.", run.Error, StringComparison.Ordinal);
    }
}
