using System.Globalization;
using System.Text;

namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>
/// Upper and lower case with Unicode's full mappings, which Python uses and .NET does not: a character may become several. All that a
/// character becomes is of its origin.
/// </summary>
internal static class CaseMapping
{
    /// <summary>Characters whose upper case is not the one character that .NET gives: each before what it becomes.</summary>
    private static readonly Dictionary<int, string> Uppers = Read(
        "ßSS ıI ŉ\u02bcN ſS ǰJ\u030c ΐΙ\u0308\u0301 ΰΥ\u0308\u0301 ևԵՒ ẖH\u0331 ẗT\u0308 ẘW\u030a ẙY\u030a ẚA\u02be ὐΥ\u0313 "
        + "ὒΥ\u0313\u0300 ὔΥ\u0313\u0301 ὖΥ\u0313\u0342 ᾀἈΙ ᾁἉΙ ᾂἊΙ ᾃἋΙ ᾄἌΙ ᾅἍΙ ᾆἎΙ ᾇἏΙ ᾈἈΙ ᾉἉΙ ᾊἊΙ ᾋἋΙ ᾌἌΙ ᾍἍΙ ᾎἎΙ ᾏἏΙ ᾐἨΙ ᾑἩΙ "
        + "ᾒἪΙ ᾓἫΙ ᾔἬΙ ᾕἭΙ ᾖἮΙ ᾗἯΙ ᾘἨΙ ᾙἩΙ ᾚἪΙ ᾛἫΙ ᾜἬΙ ᾝἭΙ ᾞἮΙ ᾟἯΙ ᾠὨΙ ᾡὩΙ ᾢὪΙ ᾣὫΙ ᾤὬΙ ᾥὭΙ ᾦὮΙ ᾧὯΙ ᾨὨΙ ᾩὩΙ ᾪὪΙ ᾫὫΙ ᾬὬΙ ᾭὭΙ ᾮὮΙ "
        + "ᾯὯΙ ᾲᾺΙ ᾳΑΙ ᾴΆΙ ᾶΑ\u0342 ᾷΑ\u0342Ι ᾼΑΙ ῂῊΙ ῃΗΙ ῄΉΙ ῆΗ\u0342 ῇΗ\u0342Ι ῌΗΙ ῒΙ\u0308\u0300 ΐΙ\u0308\u0301 ῖΙ\u0342 "
        + "ῗΙ\u0308\u0342 ῢΥ\u0308\u0300 ΰΥ\u0308\u0301 ῤΡ\u0313 ῦΥ\u0342 ῧΥ\u0308\u0342 ῲῺΙ ῳΩΙ ῴΏΙ ῶΩ\u0342 ῷΩ\u0342Ι ῼΩΙ ﬀFF "
        + "ﬁFI ﬂFL ﬃFFI ﬄFFL ﬅST ﬆST ﬓՄՆ ﬔՄԵ ﬕՄԻ ﬖՎՆ ﬗՄԽ");

    /// <summary>Characters that are written otherwise at the head of a word than in upper case.</summary>
    private static readonly Dictionary<int, string> Titles = Read(
        "ßSs Ǆǅ ǅǅ ǆǅ Ǉǈ ǈǈ ǉǈ Ǌǋ ǋǋ ǌǋ Ǳǲ ǲǲ ǳǲ ևԵւ ᾀᾈ ᾁᾉ ᾂᾊ ᾃᾋ ᾄᾌ ᾅᾍ ᾆᾎ ᾇᾏ ᾈᾈ ᾉᾉ ᾊᾊ ᾋᾋ ᾌᾌ ᾍᾍ ᾎᾎ ᾏᾏ ᾐᾘ ᾑᾙ ᾒᾚ ᾓᾛ ᾔᾜ ᾕᾝ ᾖᾞ ᾗᾟ "
        + "ᾘᾘ ᾙᾙ ᾚᾚ ᾛᾛ ᾜᾜ ᾝᾝ ᾞᾞ ᾟᾟ ᾠᾨ ᾡᾩ ᾢᾪ ᾣᾫ ᾤᾬ ᾥᾭ ᾦᾮ ᾧᾯ ᾨᾨ ᾩᾩ ᾪᾪ ᾫᾫ ᾬᾬ ᾭᾭ ᾮᾮ ᾯᾯ ᾲᾺ\u0345 ᾳᾼ ᾴΆ\u0345 ᾷΑ\u0342\u0345 ᾼᾼ "
        + "ῂῊ\u0345 ῃῌ ῄΉ\u0345 ῇΗ\u0342\u0345 ῌῌ ῲῺ\u0345 ῳῼ ῴΏ\u0345 ῷΩ\u0342\u0345 ῼῼ ﬀFf ﬁFi ﬂFl ﬃFfi ﬄFfl ﬅSt ﬆSt ﬓՄն ﬔՄե "
        + "ﬕՄի ﬖՎն ﬗՄխ");

    private delegate string Mapping(Rune rune, int at);

    public static TracedText Upper(TracedText text, Budget budget) => Map(text, budget, (rune, _) => Upper(rune));

    public static TracedText Lower(TracedText text, Budget budget) => Map(text, budget, (rune, at) => Lower(rune, text.Plain, at));

    /// <summary>The first character large, all others small.</summary>
    public static TracedText Capitalize(TracedText text, Budget budget) =>
        Map(text, budget, (rune, at) => at == 0 ? Title(rune) : Lower(rune, text.Plain, at));

    /// <summary>What follows a letter small, other letters large: Python's method, for which an apostrophe ends a word.</summary>
    public static TracedText Title(TracedText text, Budget budget)
    {
        var isInWord = false;
        return Map(text, budget, (rune, at) =>
        {
            var written = isInWord ? Lower(rune, text.Plain, at) : Title(rune);
            isInWord = IsCased(rune);
            return written;
        });
    }

    public static TracedText Swap(TracedText text, Budget budget) => Map(text, budget, (rune, at) =>
        Rune.IsUpper(rune) ? Lower(rune, text.Plain, at) : Rune.IsLower(rune) ? Upper(rune) : rune.ToString());

    public static bool IsCased(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter || rune.Value is 0xAA or 0xBA or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9);

    private static TracedText Map(TracedText text, Budget budget, Mapping map)
    {
        var builder = new TracedBuilder(budget);
        foreach (var (start, end, origin) in text.Runs)
        {
            var written = new StringBuilder();
            for (var at = start; at < end;)
            {
                var rune = Rune.GetRuneAt(text.Plain, at);
                written.Append(map(rune, at));
                at += rune.Utf16SequenceLength;
            }
            builder.Append(written.ToString(), origin);
        }
        return builder.ToText();
    }

    private static string Upper(Rune rune) => Uppers.TryGetValue(rune.Value, out var upper) ? upper : Rune.ToUpperInvariant(rune).ToString();

    private static string Title(Rune rune) => Titles.TryGetValue(rune.Value, out var title) ? title
        : rune.Value is >= 0x10D0 and <= 0x10FF ? rune.ToString() : Upper(rune);

    private static string Lower(Rune rune, string text, int at) => rune.Value switch
    {
        0x130 => "i\u0307",
        0x3A3 => IsFinal(text, at) ? "\u03c2" : "\u03c3",
        _ => Rune.ToLowerInvariant(rune).ToString(),
    };

    /// <summary>Whether a sigma ends a word: a letter stands before it, and none behind, other than signs without case between.</summary>
    private static bool IsFinal(string text, int at)
    {
        var before = text.AsSpan(0, at);
        while (Rune.DecodeLastFromUtf16(before, out var rune, out var units) == System.Buffers.OperationStatus.Done && IsIgnorable(rune))
            before = before[..^units];
        if (Rune.DecodeLastFromUtf16(before, out var last, out _) != System.Buffers.OperationStatus.Done || !IsCased(last)) return false;
        var behind = text.AsSpan(at + 1);
        while (Rune.DecodeFromUtf16(behind, out var rune, out var units) == System.Buffers.OperationStatus.Done && IsIgnorable(rune))
            behind = behind[units..];
        return Rune.DecodeFromUtf16(behind, out var next, out _) != System.Buffers.OperationStatus.Done || !IsCased(next);
    }

    private static bool IsIgnorable(Rune rune) => rune.Value is '\'' or '.' or ':' or 0xB7 or 0x2019
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    private static Dictionary<int, string> Read(string pairs) => pairs.Split(' ').ToDictionary(pair => (int)pair[0], pair => pair[1..]);
}
