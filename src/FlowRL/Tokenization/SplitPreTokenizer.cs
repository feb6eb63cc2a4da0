using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowRL.Tokenization;

/// <summary>
/// Cuts at the matches of a regular expression. The expression is written for code points and .NET matches UTF-16 units, so each
/// character beyond U+FFFF is matched as a stand-in of its own general category.
/// </summary>
internal sealed class SplitPreTokenizer(string pattern, bool keepMatches, bool keepGaps) : PreTokenizer
{
    private static readonly Dictionary<UnicodeCategory, char> StandIns = BuildStandIns();
    private readonly Regex _regex = new(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant);

    public override bool IsByteLevel => false;

    public static SplitPreTokenizer ReadSplit(JsonPlace place)
    {
        var invert = place["invert"].Flag();
        var (keepMatches, keepGaps) = place["behavior"].Text switch
        {
            "Isolated" => (true, true),
            "Removed" => (invert, !invert),
            var other => throw place["behavior"].Wrong($"is {other}, and only Isolated and Removed can be read"),
        };
        var expression = place["pattern"]["Regex"];
        var text = expression.IsNull ? Regex.Escape(place["pattern"]["String"].Text) : expression.Text;
        if (text.Any(char.IsSurrogate))
            throw expression.Wrong("names a character beyond U+FFFF, which cannot be matched here");
        try
        {
            return new SplitPreTokenizer(text, keepMatches, keepGaps);
        }
        catch (ArgumentException e)
        {
            throw expression.Wrong($"is a regular expression that .NET does not read ({e.Message.TrimEnd('.')})");
        }
    }

    public override void Split(ReadOnlySpan<char> text, PieceSink sink)
    {
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            Split(text, text, [], sink);
            return;
        }
        var standIn = new StringBuilder(text.Length);
        var offsets = new List<int>(text.Length + 1);
        var position = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            offsets.Add(position);
            standIn.Append(rune.IsBmp ? (char)rune.Value : StandIns[Rune.GetUnicodeCategory(rune)]);
            position += rune.Utf16SequenceLength;
        }
        offsets.Add(position);
        Split(text, standIn.ToString(), offsets.ToArray(), sink);
    }

    /// <summary>Matches <paramref name="matched"/> and cuts <paramref name="text"/>; no offsets where the two are the same.</summary>
    private void Split(ReadOnlySpan<char> text, ReadOnlySpan<char> matched, int[] offsets, PieceSink sink)
    {
        int At(int index) => offsets.Length == 0 ? index : offsets[index];
        var done = 0;
        foreach (var match in _regex.EnumerateMatches(matched))
        {
            if (match.Length == 0)
                continue;
            if (keepGaps && match.Index > done)
                sink(text[At(done)..At(match.Index)]);
            done = match.Index + match.Length;
            if (keepMatches)
                sink(text[At(match.Index)..At(done)]);
        }
        if (keepGaps && done < matched.Length)
            sink(text[At(done)..]);
    }

    /// <summary>The last character of each category below the surrogates: far from what expressions name one by one.</summary>
    private static Dictionary<UnicodeCategory, char> BuildStandIns()
    {
        var standIns = new Dictionary<UnicodeCategory, char> { [UnicodeCategory.PrivateUse] = '\uF8FF' };
        for (var c = '\u00A0'; c < '\uD7A4'; c++)
            standIns[char.GetUnicodeCategory(c)] = c;
        return standIns;
    }
}
