using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Syntax;

/// <summary>A template's source: line ends are LF, in literals too, and one at the very end is dropped.</summary>
internal sealed class SourceText
{
    private readonly List<int> _lines = [0];

    public SourceText(string source)
    {
        Text = TokenText.WellFormed(source).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (Text.EndsWith('\n')) Text = Text[..^1];
        for (var at = Text.IndexOf('\n'); at >= 0; at = Text.IndexOf('\n', at + 1))
            _lines.Add(at + 1);
    }

    public string Text { get; }

    public char this[int at] => at < Text.Length ? Text[at] : '\0';

    public Position At(int place)
    {
        var line = _lines.BinarySearch(place);
        if (line < 0) line = ~line - 1;
        return new Position(line + 1, place - _lines[line] + 1);
    }

    public bool Has(string sign, int at) => string.CompareOrdinal(Text, at, sign, 0, sign.Length) == 0;

    /// <summary>The first place from <paramref name="at"/> on that is not white space.</summary>
    public int SkipSpace(int at)
    {
        while (at < Text.Length && Characters.IsSpace(Text[at])) at++;
        return at;
    }

    public JinjaException Wrong(int at, string words) => new(JinjaErrorKind.Syntax, words, At(at));
}
