using FlowRL.Tokenization.Patterns;

namespace FlowRL.Tokenization.PreTokenizers;

/// <summary>Which pieces get the sign for a space put before them.</summary>
internal enum PrependScheme
{
    Never,

    /// <summary>The one that the whole text begins with.</summary>
    First,
    Always,
}

/// <summary>
/// SentencePiece's way with spaces: a sign (▁) in place of each, and one before a text that does not begin with one.
/// </summary>
internal sealed class MetaspacePreTokenizer(char sign, PrependScheme scheme, bool splits) : PreTokenizer
{
    private readonly SplitPreTokenizer? _splitter = splits
        ? new SplitPreTokenizer(TextPattern.OfExpression($"\\u{(int)sign:X4}"), SplitBehavior.MergedWithNext)
        : null;

    public static MetaspacePreTokenizer ReadMetaspace(JsonPlace place) =>
        new(Sign(place["replacement"]), Scheme(place), place["split"].Flag(true));

    /// <summary>A <c>replacement</c>: one character.</summary>
    public static char Sign(JsonPlace place) =>
        place.Text is [var sign] ? sign : throw place.Wrong($"is \"{place.Text}\", and one character is needed");

    /// <summary>Older files say <c>add_prefix_space</c> in its place.</summary>
    public static PrependScheme Scheme(JsonPlace place)
    {
        var scheme = place["prepend_scheme"];
        if (scheme.IsNull) return place["add_prefix_space"].Flag(true) ? PrependScheme.Always : PrependScheme.Never;
        return scheme.Text switch
        {
            "never" => PrependScheme.Never,
            "first" => PrependScheme.First,
            "always" => PrependScheme.Always,
            var other => throw scheme.Wrong($"is {other}, and only never, first and always can be read"),
        };
    }

    public override void Split(ReadOnlySpan<char> text, bool isFirst, IPieceSink sink)
    {
        var prepends = scheme == PrependScheme.Always || (scheme == PrependScheme.First && isFirst);
        prepends = prepends && text[0] != ' ' && text[0] != sign;
        var piece = new char[text.Length + (prepends ? 1 : 0)];
        if (prepends) piece[0] = sign;
        text.Replace(piece.AsSpan(prepends ? 1 : 0), ' ', sign);
        if (_splitter is null)
            sink.Take(piece, isFirst);
        else
            _splitter.Split(piece, isFirst, sink);
    }
}
