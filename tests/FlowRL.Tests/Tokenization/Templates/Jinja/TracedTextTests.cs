using CsCheck;
using FlowRL.Tokenization.Templates.Jinja;
using FlowRL.Tokenization.Templates.Jinja.Library;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tests.Tokenization.Templates.Jinja;

/// <summary>Texts with origins, beside lists of characters that each carry their own.</summary>
public sealed class TracedTextTests
{
    private static readonly Origin[] Origins = [new("messages/0/content", true), new("messages/1/content", true), new("tools", false)];

    private static readonly string[] Signs = ["a", "b", " ", "é", "😀", "\n", "ß"];

    private static readonly Gen<TracedText> Texts = Gen.Select(Gen.Int[0, 6].Select(i => Signs[i]), Gen.Int[0, 3]).Array[0, 12].Select(parts =>
    {
        var builder = new TracedBuilder(Budget());
        foreach (var (plain, origin) in parts) builder.Append(plain, origin == 3 ? null : Origins[origin]);
        return builder.ToText();
    });

    [Fact]
    public void Slices_and_joints_keep_each_characters_origin() => Gen.Select(Texts, Texts, Gen.Int[0, 12], Gen.Int[0, 12]).Sample((a, b, from, to) =>
    {
        var joined = new TracedBuilder(Budget()).Append(a).Append(b).ToText();
        Assert.Equal([.. Marked(a), .. Marked(b)], Marked(joined));
        var (start, end) = (Math.Min(from, joined.Length), Math.Min(to, joined.Length));
        var slice = joined.Slice(joined.PlaceOf(start), joined.PlaceOf(end));
        Assert.Equal(Marked(joined).Skip(start).Take(Math.Max(0, end - start)), Marked(slice));
        Assert.Equal(end - start is var length && length > 0 ? length : 0, slice.Length);
    });

    [Fact]
    public void Runs_are_whole_and_differ_from_their_neighbours() => Texts.Sample(text =>
    {
        var runs = text.Runs.ToList();
        Assert.Equal(text.Plain.Length, runs.Sum(run => run.End - run.Start));
        Assert.All(runs.Zip(runs.Skip(1)), pair => Assert.True(pair.First.End == pair.Second.Start && pair.First.Origin != pair.Second.Origin));
    });

    [Fact]
    public void Splitting_and_joining_is_replacing() => Gen.Select(Texts, Texts).Sample((text, other) =>
    {
        var parts = ((ListValue)TextOperations.Split(text, "a", -1, false, Budget())).Items.Select(part => ((StringValue)part).Text);
        Assert.Equal(Marked(TextOperations.Join(other, parts, Budget())), Marked(TextOperations.Replace(text, "a", other, -1, Budget())));
    });

    [Fact]
    public void Stripping_takes_from_the_ends_alone() => Texts.Sample(text =>
    {
        var stripped = Characters.Strip(text, null, left: true, right: true);
        Assert.Equal(text.Plain.Trim(), stripped.Plain);
        Assert.Equal(Marked(text).Skip(text.Plain.TakeWhile(char.IsWhiteSpace).Count()).Take(stripped.Length), Marked(stripped));
    });

    [Fact]
    public void A_character_that_becomes_two_gives_both_its_origin()
    {
        var text = new TracedBuilder(Budget()).Append("a").Append("ß", Origins[0]).Append("b").ToText();
        Assert.Equal([("A", null), ("S", Origins[0]), ("S", Origins[0]), ("B", null)], Marked(CaseMapping.Upper(text, Budget())));
    }

    private static Budget Budget() => new(new JinjaLimits());

    private static List<(string, Origin?)> Marked(TracedText text) => [.. text.Characters().Select(character => (character.Plain, character.OriginAt(0)))];
}
