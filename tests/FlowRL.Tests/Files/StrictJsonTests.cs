using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using FlowRL.Files;

namespace FlowRL.Tests.Files;

public sealed class StrictJsonTests
{
    /// <summary>Characters that make pairs, halves of pairs in any order, and things that look like escapes.</summary>
    private static readonly Gen<string> Texts = Gen.OneOf('\uD83D', '\uDE00', '\uDBFF', '\uDC00', '\\', 'u', 'd', '8', '0', 'é', '"').Array[0, 20]
        .Select(characters => new string(characters));

    [Fact]
    public void Halves_of_surrogate_pairs_are_replaced_and_nothing_else() => Texts.Sample(text =>
    {
        // As Python's json.dumps writes it.
        var written = $"\"{string.Concat(text.Select(c => c is '"' or '\\' ? $"\\{c}" : char.IsAscii(c) ? $"{c}" : Escape(c)))}\"";
        var expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

        Assert.Equal(expected, (string?)StrictJson.Parse(written));
        Assert.Equal(expected, (string?)StrictJson.Parse(Encoding.UTF8.GetBytes(written)));
    });

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""[{"b":{"a":1,"a":2}}]""")]
    [InlineData("""{"a":1""")]
    [InlineData("\"\\")]
    [InlineData("\"\\ud8\"")]
    public void Damage_is_seen_while_reading(string text)
    {
        Assert.ThrowsAny<JsonException>(() => StrictJson.Parse(text));
        Assert.False(StrictJson.TryParse(text, out _));
    }

    private static string Escape(char c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
}
