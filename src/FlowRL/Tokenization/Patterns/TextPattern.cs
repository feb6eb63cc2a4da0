using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowRL.Tokenization.Patterns;

/// <summary>
/// What a tokenizer.json looks for in a text: an expression in Ruby's syntax, or a text. Expressions mean code points and .NET matches
/// UTF-16 units, so each character beyond U+FFFF is matched as a stand-in of its own general category. Thread-safe.
/// </summary>
/// <remarks>A match that takes longer than <see cref="Patience"/> throws <see cref="RegexMatchTimeoutException"/>.</remarks>
internal sealed class TextPattern
{
    /// <summary>How long one match may take. The expressions that models use take microseconds, whatever the text.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<UnicodeCategory, char> StandIns = BuildStandIns();
    private readonly Regex _regex;

    /// <param name="expression">In .NET's syntax.</param>
    private TextPattern(string expression) => _regex = new Regex(expression, RegexOptions.Compiled | RegexOptions.CultureInvariant, Patience);

    /// <param name="expression">In Ruby's syntax.</param>
    /// <exception cref="FormatException">It uses what cannot be matched here; the message goes on after "… is an expression that".</exception>
    public static TextPattern OfExpression(string expression)
    {
        var translated = RubyExpression.ToDotNet(expression);
        try
        {
            return new TextPattern(translated);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($".NET does not read ({e.Message.TrimEnd('.')})", e);
        }
    }

    /// <summary>A <c>pattern</c> of a tokenizer.json.</summary>
    public static TextPattern Read(JsonPlace place)
    {
        var (expression, text) = (place["Regex"], place["String"]);
        if (!text.IsNull && text.Text.Any(char.IsSurrogate)) throw text.Wrong("names a character beyond U+FFFF, which cannot be matched here");
        if (!text.IsNull) return new TextPattern(Regex.Escape(text.Text));
        try
        {
            return OfExpression(expression.Text);
        }
        catch (FormatException e)
        {
            throw expression.Wrong($"is an expression that {e.Message}");
        }
    }

    /// <summary>The matches in order, empty ones too. Lone surrogates are matched as U+FFFD.</summary>
    public Matches In(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return new Matches(_regex.EnumerateMatches(text), null);
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
        return new Matches(_regex.EnumerateMatches(standIn.ToString()), [.. offsets]);
    }

    /// <summary>The text with every match replaced.</summary>
    public string Replace(string text, string content)
    {
        var (done, result) = (0, (StringBuilder?)null);
        foreach (var (start, end) in In(text))
        {
            result ??= new StringBuilder(text.Length);
            result.Append(text, done, start - done).Append(content);
            done = end;
        }
        return result is null ? text : result.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>The last character of each category before the Hangul syllables: scripts that no expression names one by one.</summary>
    private static Dictionary<UnicodeCategory, char> BuildStandIns()
    {
        var standIns = new Dictionary<UnicodeCategory, char> { [UnicodeCategory.PrivateUse] = '\uF8FF' };
        for (var c = '\u00A0'; c < '\uAC00'; c++) standIns[char.GetUnicodeCategory(c)] = c;
        return standIns;
    }

    /// <summary>Where the matches are, in units of the text that was given.</summary>
    public ref struct Matches(Regex.ValueMatchEnumerator matches, int[]? offsets)
    {
        private Regex.ValueMatchEnumerator _matches = matches;

        public readonly (int Start, int End) Current
        {
            get
            {
                var (start, end) = (_matches.Current.Index, _matches.Current.Index + _matches.Current.Length);
                return offsets is null ? (start, end) : (offsets[start], offsets[end]);
            }
        }

        public bool MoveNext() => _matches.MoveNext();

        public readonly Matches GetEnumerator() => this;
    }
}
