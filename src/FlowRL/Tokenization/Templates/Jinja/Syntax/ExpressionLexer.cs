using System.Globalization;
using System.Text;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Syntax;

/// <summary>Cuts the inside of a tag into names, literals and signs, up to the tag's end outside of all brackets.</summary>
internal sealed class ExpressionLexer
{
    private static readonly string[] Signs =
        ["**", "//", "==", "!=", ">=", "<=", "+", "-", "*", "/", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    /// <summary>Digits of one literal: no template has reason to write longer ones.</summary>
    private const int MostDigits = 1000;

    private readonly SourceText _source;
    private readonly List<Token> _tokens;
    private readonly Stack<char> _open = [];
    private int _at;

    public ExpressionLexer(SourceText source, int inside, bool isBlock, List<Token> tokens)
    {
        (_source, _tokens, _at) = (source, tokens, inside);
        var close = isBlock ? "%}" : "}}";
        while ((_at = source.SkipSpace(_at)) < source.Text.Length)
        {
            if (_open.Count == 0 && EndsAt(close, isBlock)) return;
            ReadToken();
        }
    }

    /// <summary>Where the tag's closing sign stands; negative where the source ends before one.</summary>
    public int End { get; private set; } = -1;

    /// <summary>The minus or plus before the closing sign; a blank where there is none.</summary>
    public char Sign { get; private set; } = ' ';

    private bool EndsAt(string close, bool isBlock)
    {
        var signed = _source[_at] == '-' || isBlock && _source[_at] == '+';
        var end = signed && _source.Has(close, _at + 1) ? _at + 1 : _source.Has(close, _at) ? _at : -1;
        if (end < 0) return false;
        (End, Sign) = (end, end > _at ? _source[_at] : ' ');
        _tokens.Add(new Token(isBlock ? TokenKind.BlockEnd : TokenKind.VariableEnd, "", _source.At(_at)));
        return true;
    }

    private void ReadToken()
    {
        var c = _source[_at];
        if (char.IsAsciiDigit(c)) ReadNumber();
        else if (c == '_' || IsNamed(_at, out _)) ReadName();
        else if (c is not ('\'' or '"') || !ReadString(c)) ReadSign();
    }

    private void ReadNumber()
    {
        var start = _at;
        // Behind a point no fraction begins: x.0.1 is two items.
        var isFloat = (start == 0 || _source[start - 1] != '.') && SkipFloat();
        if (!isFloat) SkipInteger();
        var text = _source.Text[start.._at];
        if (text.Length > MostDigits) throw _source.Wrong(start, $"a number of {text.Length} digits, and {MostDigits} is the most");
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        Add(isFloat ? TokenKind.Float : TokenKind.Integer, text, start, isFloat
            ? new FloatValue(double.Parse(plain, CultureInfo.InvariantCulture))
            : new IntegerValue(Numbers.ParseInteger(plain, 0, new Budget(new JinjaLimits()))!.Value));
    }

    private bool SkipFloat()
    {
        var at = Digits(_at, char.IsAsciiDigit);
        var whole = at;
        if (_source[at] == '.' && Digits(at + 1, char.IsAsciiDigit) is var fraction && fraction > at + 1) at = fraction;
        if (_source[at] is 'e' or 'E' && at + (_source[at + 1] is '+' or '-' ? 2 : 1) is var power && Digits(power, char.IsAsciiDigit) is var exponent
            && exponent > power) at = exponent;
        if (at == whole) return false;
        _at = at;
        return true;
    }

    private void SkipInteger()
    {
        Func<char, bool>? digits = _source[_at] != '0' ? null : char.ToLowerInvariant(_source[_at + 1]) switch
        {
            'x' => char.IsAsciiHexDigit,
            'o' => c => c is >= '0' and <= '7',
            'b' => c => c is '0' or '1',
            _ => null,
        };
        if (digits is not null && Digits(_at + (_source[_at + 2] == '_' ? 3 : 2), digits) is var end && end > _at + 2) _at = end;
        else if (_source[_at] == '0') _at = Digits(_at, c => c == '0');
        else _at = Digits(_at, char.IsAsciiDigit);
    }

    /// <summary>Behind digits with single underscores between them.</summary>
    private int Digits(int at, Func<char, bool> isDigit)
    {
        while (isDigit(_source[at]))
            at += _source[at + 1] == '_' && isDigit(_source[at + 2]) ? 2 : 1;
        return at;
    }

    private void ReadName()
    {
        var start = _at;
        for (var length = 1; _source[_at] == '_' || IsNamed(_at, out length); length = 1)
            _at += length;
        Add(TokenKind.Name, _source.Text[start.._at], start);
    }

    /// <summary>Whether a letter, a digit or a mark stands there, and how many units it has.</summary>
    private bool IsNamed(int at, out int length)
    {
        length = 1;
        if (at >= _source.Text.Length) return false;
        var rune = Rune.GetRuneAt(_source.Text, at);
        length = rune.Utf16SequenceLength;
        return Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;
    }

    private bool ReadString(char quote)
    {
        var end = _at + 1;
        while (end < _source.Text.Length && _source[end] != quote)
            end += _source[end] == '\\' ? 2 : 1;
        if (end >= _source.Text.Length) return false;
        Add(TokenKind.String, StringEscapes.Read(_source, _at + 1, end), _at);
        _at = end + 1;
        return true;
    }

    private void ReadSign()
    {
        var sign = Array.Find(Signs, sign => _source.Has(sign, _at)) ?? throw _source.Wrong(_at, $"unexpected char {Quoted(_source[_at])}");
        if (sign is "(" or "[" or "{") _open.Push(sign switch { "(" => ')', "[" => ']', _ => '}' });
        else if (sign is ")" or "]" or "}")
        {
            if (!_open.TryPop(out var expected)) throw _source.Wrong(_at, $"unexpected '{sign}'");
            if (expected != sign[0]) throw _source.Wrong(_at, $"unexpected '{sign}', expected '{expected}'");
        }
        Add(TokenKind.Operator, sign, _at);
        _at += sign.Length;
    }

    private static string Quoted(char c) => c == '\'' ? "\"'\"" : $"'{c}'";

    private void Add(TokenKind kind, string text, int at, Value? number = null) => _tokens.Add(new Token(kind, text, _source.At(at)) { Number = number });
}
