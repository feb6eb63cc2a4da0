using System.Collections;
using System.Globalization;
using System.Text.Json;
using FlowRL.Tokenization.Patterns;

namespace FlowRL.Tests.Tokenization.Patterns;

public sealed class TextPatternTests
{
    public static TheoryData<string> Classes() =>
        [@"\p{L}", @"\p{Lu}", @"\p{Ll}", @"\p{Lt}", @"\p{Lm}", @"\p{Lo}", @"\p{M}", @"\p{N}", @"\p{P}", @"\p{S}", @"\s"];

    /// <summary>Unicode 16 on both sides: with a runtime that knows a newer one this fails, and ids of a few characters are about to change.</summary>
    [Theory]
    [MemberData(nameof(Classes))]
    public void Every_character_is_in_the_classes_that_the_reference_has_it_in(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(GoldenTokenizers.PathOf("kinds", "unicode-classes.json")));
        var expected = new BitArray(0x110000);
        foreach (var range in json.RootElement.GetProperty(name).GetString()!.Split(' '))
        {
            var bounds = range.Split('-').Select(bound => int.Parse(bound, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
            for (var point = bounds[0]; point <= bounds[^1]; point++) expected[point] = true;
        }
        var actual = new BitArray(0x110000);
        var points = Enumerable.Range(0, 0x110000).Where(point => point is < 0xD800 or > 0xDFFF).ToArray();
        var text = string.Concat(points.Select(char.ConvertFromUtf32));
        foreach (var (start, _) in TextPattern.OfExpression(name).In(text)) actual[char.ConvertToUtf32(text, start)] = true;
        Assert.Equal([], points.Where(point => expected[point] != actual[point]).Select(point => $"U+{point:X4}"));
    }

    [Fact]
    public void Matches_lie_where_they_lie_in_the_text_that_was_given()
    {
        var found = new List<string>();
        const string text = "a𝐀a🦙a 𝟘1";
        foreach (var (start, end) in TextPattern.OfExpression(@"\p{L}+|\p{N}+").In(text)) found.Add(text[start..end]);
        Assert.Equal(["a𝐀a", "a", "𝟘1"], found);
    }

    [Fact]
    public void Every_match_is_replaced_and_nothing_else()
    {
        Assert.Equal("▁a🦙▁▁$1", TextPattern.OfExpression(" ").Replace(" a🦙  $1", "▁"));
        Assert.Equal("$0$0", TextPattern.OfExpression("[ab]").Replace("ab", "$0"));
    }
}
