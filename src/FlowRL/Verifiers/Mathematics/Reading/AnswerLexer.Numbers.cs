using System.Text;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>
/// Numbers: digits in groups, decimals, repeating decimals, powers of ten. A comma between digits is a thousands separator where the groups look like
/// one, outside of brackets; so is a space.
/// </summary>
internal sealed partial class AnswerLexer
{
    private const int LongestSeparator = 12;

    private void ReadNumber()
    {
        var digits = new StringBuilder();
        var groups = false;
        while (true)
        {
            ReadDigits(digits);
            var separator = Separator(digits, groups);
            if (separator == 0) break;
            _at += separator;
            groups = true;
        }
        if (Peek(0) == '.' && char.IsAsciiDigit(Peek(1)))
        {
            digits.Append(text[_at++]);
            ReadDigits(digits);
            while (Ahead("\\,") && char.IsAsciiDigit(Peek(2)) && char.IsAsciiDigit(Peek(3)) && char.IsAsciiDigit(Peek(4)))
            {
                _at += 2; // 3.141\,592
                ReadDigits(digits);
            }
        }
        else if (!groups && Ahead("{,}") && char.IsAsciiDigit(Peek(3)))
        {
            _at += 3; // a decimal comma: 0{,}375
            digits.Append('.');
            ReadDigits(digits);
        }
        else if (Peek(0) == '.' && (IsBar(1) || IsPeriodInBrackets(1))) digits.Append(text[_at++]);
        else if (Peek(0) == '.' && !char.IsAsciiLetter(Peek(1)) && Peek(1) != '.') _at++; // a full stop
        if (Period(digits) is { } period) Add(new(TokenKind.Repeating, $"{digits}({period})"));
        else if (Endless(digits) is { } endless) Add(new(TokenKind.Repeating, endless));
        else Add(new(TokenKind.Number, digits.ToString()));
        ReadExponent();
    }

    private void ReadDigits(StringBuilder into)
    {
        while (char.IsAsciiDigit(Peek(0))) into.Append(text[_at++]);
    }

    /// <summary>Characters of a thousands separator here, before three digits and no more; 0 where there is none.</summary>
    private int Separator(StringBuilder before, bool groups)
    {
        var (at, commas, spaces, isTypeset) = (0, 0, 0, false);
        while (at < LongestSeparator)
        {
            if (Peek(at) == ' ') (at, spaces) = (at + 1, spaces + 1);
            else if (Peek(at) == '\\' && Peek(at + 1) is ',' or '!' or ';' or ':' or ' ') (at, isTypeset) = (at + 2, true);
            else if (Peek(at) == ',') (at, commas) = (at + 1, commas + 1);
            else if (Peek(at) == '{' && Peek(at + 1) == ',' && Peek(at + 2) == '}') (at, commas, isTypeset) = (at + 3, commas + 1, true);
            else if (Peek(at) == '{' && Peek(at + 1) == ',' && Peek(at + 2) == ' ' && Peek(at + 3) == '}') (at, commas, isTypeset) = (at + 4, commas + 1, true);
            else break;
        }
        if (at == 0 || commas > 1 || !(char.IsAsciiDigit(Peek(at)) && char.IsAsciiDigit(Peek(at + 1)) && char.IsAsciiDigit(Peek(at + 2)))) return 0;
        if (char.IsAsciiDigit(Peek(at + 3)) || before[0] == '0') return 0;
        var looksGrouped = groups || before.Length is >= 1 and <= 3;
        if (isTypeset) return looksGrouped ? at : 0;
        // 1 234 but not 1 100/200, which is a mixed number, nor "1, 234".
        if (commas == 0) return spaces == 1 && looksGrouped && ambiguities.Thousands && Peek(at + 3) != '/' ? at : 0;
        return spaces == 0 && looksGrouped && ambiguities.Thousands && _depth == 0 ? at : 0;
    }

    private bool IsBar(int ahead) =>
        string.CompareOrdinal(text, _at + ahead, "\\overline{", 0, 10) == 0 || string.CompareOrdinal(text, _at + ahead, "\\bar{", 0, 5) == 0
        || string.CompareOrdinal(text, _at + ahead, "\\dot", 0, 4) == 0;

    private bool IsPeriodInBrackets(int ahead)
    {
        if (Peek(ahead) != '(') return false;
        var end = ahead + 1;
        while (char.IsAsciiDigit(Peek(end))) end++;
        return end > ahead + 1 && Peek(end) == ')';
    }

    /// <summary>The digits that repeat, under a bar, between dots or in brackets; null where there is something else.</summary>
    private string? Period(StringBuilder digits)
    {
        var hasPoint = digits.ToString().Contains('.', StringComparison.Ordinal);
        if (hasPoint && IsPeriodInBrackets(0))
        {
            var start = ++_at;
            while (char.IsAsciiDigit(Peek(0))) _at++;
            return text[start.._at++];
        }
        if (!IsBar(0)) return null;
        if (Ahead("\\dot")) return hasPoint ? Dotted() : null;
        var open = text.IndexOf('{', _at);
        var close = open + 1;
        while (close < text.Length && char.IsAsciiDigit(text[close])) close++;
        if (close == open + 1 || close >= text.Length || text[close] != '}') return null;
        _at = close + 1;
        return text[(open + 1)..close];
    }

    /// <summary>0.\dot{1}23\dot{4}: from the first dot to the last.</summary>
    private string? Dotted()
    {
        var start = _at;
        var period = new StringBuilder();
        if (!ReadDotted(period)) return null;
        var one = _at;
        var more = new StringBuilder();
        ReadDigits(more);
        if (ReadDotted(more)) return period.Append(more).ToString();
        _at = one;
        return start < one ? period.ToString() : null;
    }

    private bool ReadDotted(StringBuilder into)
    {
        if (!Ahead("\\dot")) return false;
        var braced = Peek(4) == '{' && char.IsAsciiDigit(Peek(5)) && Peek(6) == '}';
        var at = Peek(4) == ' ' ? 5 : 4;
        if (!braced && !char.IsAsciiDigit(Peek(at))) return false;
        into.Append(braced ? Peek(5) : Peek(at));
        _at += braced ? 7 : at + 1;
        return true;
    }

    /// <summary>0.333... repeats its last digits, if they stand there three times, or twice where they are several; null for others.</summary>
    private string? Endless(StringBuilder digits)
    {
        var length = Ahead("...") ? 3 : Ahead("\\ldots") || Ahead("\\cdots") ? 6 : Ahead("\\dots") ? 5 : 0;
        var written = digits.ToString();
        var point = written.IndexOf('.', StringComparison.Ordinal);
        if (length == 0 || point < 0) return null;
        for (var period = 1; period <= (written.Length - point - 1) / 2; period++)
        {
            var end = written[^period..];
            var times = 0;
            for (var at = written.Length - period; at > point && string.CompareOrdinal(written, at, end, 0, period) == 0; at -= period) times++;
            if (times < (period == 1 ? 3 : 2)) continue;
            _at += length;
            return $"{written[..^(times * period)]}({end})";
        }
        return null;
    }

    /// <summary>1.2e5, as programs write it.</summary>
    private void ReadExponent()
    {
        var sign = Peek(1) is '+' or '-' ? 1 : 0;
        if (Peek(0) is not ('e' or 'E') || !char.IsAsciiDigit(Peek(1 + sign))) return;
        var end = _at + 1 + sign;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        if (end < text.Length && (char.IsLetter(text[end]) || text[end] is '^' or '_')) return; // 4e+7p is a sum
        var negative = Peek(1) == '-';
        _at += 1 + sign;
        Add(new(TokenKind.Sign, "*"));
        Add(new(TokenKind.Number, "10"));
        Add(new(TokenKind.Sign, "^"));
        Add(new(TokenKind.Open, "{"));
        if (negative) Add(new(TokenKind.Sign, "-"));
        var start = _at;
        while (char.IsAsciiDigit(Peek(0))) _at++;
        Add(new(TokenKind.Number, text[start.._at]));
        Add(new(TokenKind.Close, "}"));
    }
}
