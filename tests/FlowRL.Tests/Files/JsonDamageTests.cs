using System.Text;
using FlowRL.Files;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Files;

public sealed class JsonDamageTests
{
    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \r\n\t", "is empty")]
    [InlineData("{\"a\":\n \"\\ud83d\"}", "has half a character (\\ud83d, a surrogate without its other half) at line 2, byte 3")]
    [InlineData("[\"\\ude00\"]", "has half a character (\\ude00, a surrogate without its other half) at line 1, byte 3")]
    [InlineData("[\"\\ud83d\\u0041\"]", "has half a character (\\ud83d, a surrogate without its other half) at line 1, byte 3")]
    [InlineData("[\"\\ud83d\\ude00\"]", null)]
    [InlineData("[\"\\\\ud83d\"]", null)] // an escaped backslash, and letters
    [InlineData("[\"\\u00e9 \\n\"]", null)]
    [InlineData("[\"\\", null)] // for the parser to refuse
    public void What_no_parser_may_see_is_told_with_its_place(string text, string? damage) =>
        Assert.Equal(damage, JsonDamage.Of(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bytes_that_are_no_text_are_told_with_their_place()
    {
        Assert.Equal("is not UTF-8 at line 2, byte 2", JsonDamage.Of([.. "{\n\""u8, 0xFF, .. "\"}"u8]));
        Assert.Equal("is not UTF-8 at line 1, byte 1", JsonDamage.OfText([0xFE, 0xFF, 0, (byte)'{']));
        Assert.Equal("is not UTF-8 at line 1, byte 2", JsonDamage.OfText([(byte)'a', 0xE2, 0x82]));
    }

    [Fact]
    public void A_file_says_what_is_wrong_with_it_as_a_whole()
    {
        using var folder = new TemporaryFolder();
        string Refusal(string path) => Assert.Throws<BadInputException>(() => InputFile.ReadJson(path, "a model's configuration", _ => 0)).Message;
        Assert.Equal($"{folder.Path} is a folder. Give the path of a file with a model's configuration.", Refusal(folder.Path));
        Assert.Equal($"{folder.In("a")} does not exist. Give the path of a file with a model's configuration.", Refusal(folder.In("a")));
        Assert.Equal($"{folder.In("b")} is empty. Correct it or copy the file again.", Refusal(folder.Write("b", "")));
        Assert.Equal($"{folder.In("c")} is not a JSON object. Give the path of a file with a model's configuration.", Refusal(folder.Write("c", "[]")));
        Assert.Equal(7, InputFile.ReadJson(folder.Write("d", "\uFEFF{\"a\":7}"), "numbers", root => root.GetProperty("a").GetInt32()));
    }
}
