using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowRL.Tokenization.Patterns;

/// <summary>
/// Regular expressions of tokenizer.json are Ruby's (the reference matches them with Oniguruma). This writes one as .NET reads it:
/// possessive quantifiers become atomic groups, <c>{1,3}+</c> repeats what it looks like it makes possessive, ends are ends of lines.
/// </summary>
/// <remarks>What is not known to mean the same is refused, so that no text is cut in a place where the model's trainer did not cut it.</remarks>
internal sealed class RubyExpression
{
    /// <summary>General categories, the only properties that both engines know by the same names.</summary>
    private static readonly HashSet<string> Categories =
    [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cn",
    ];

    /// <summary>What stands for more than one character behind a backslash, in a class too.</summary>
    private const string ClassEscapes = "pPsSdDwh";

    private readonly string _text;
    private int _at;

    private RubyExpression(string text) => _text = text;

    /// <exception cref="FormatException">The message goes on after "… is an expression that".</exception>
    public static string ToDotNet(string expression)
    {
        if (expression.Any(char.IsSurrogate)) throw new FormatException("names a character beyond U+FFFF, which cannot be matched here");
        var reader = new RubyExpression(expression);
        var result = reader.Alternatives(ignoresCase: false);
        return reader._at == expression.Length ? result : throw reader.Refused(")");
    }

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    private string Alternatives(bool ignoresCase)
    {
        var result = new StringBuilder();
        var isStart = true;
        while (_at < _text.Length && Next != ')')
        {
            if (Next == '|')
            {
                result.Append('|');
                _at++;
            }
            else if (isStart && Taken("(?i)"))
            {
                ignoresCase = true; // to the end of this group, as in both engines
                result.Append("(?i)");
            }
            else
            {
                result.Append(Quantified(Atom(ignoresCase)));
            }
            isStart = false;
        }
        return result.ToString();
    }

    private string Atom(bool ignoresCase)
    {
        switch (Next)
        {
            case '(':
                return Group(ignoresCase);
            case '[':
                return Class(ignoresCase);
            case '\\':
                return Escape(inClass: false);
            case '^' or '$':
                return $"(?m:{_text[_at++]})";
            case '*' or '+' or '?':
                throw Refused(Next.ToString());
            case '{' when Interval() is not null:
                throw Refused("{");
            default:
                var character = _text[_at++];
                return ignoresCase && Folded(character) is { } other ? $"[{character}{other}]"
                    : character is '.' or ' ' or '#' ? character.ToString() : Literal(character);
        }
    }

    private string Group(bool ignoresCase)
    {
        foreach (var (opening, ignores) in new[] { ("(?:", ignoresCase), ("(?i:", true), ("(?-i:", false), ("(?>", ignoresCase),
            ("(?=", ignoresCase), ("(?!", ignoresCase), ("(?<=", ignoresCase), ("(?<!", ignoresCase) })
        {
            if (Taken(opening)) return opening + Closed(ignores);
        }
        if (_text.AsSpan(_at).StartsWith("(?")) throw Refused(_text.Substring(_at, Math.Min(4, _text.Length - _at)));
        _at++;
        return "(?:" + Closed(ignoresCase);
    }

    private string Closed(bool ignoresCase)
    {
        var inner = Alternatives(ignoresCase);
        return Taken(")") ? inner + ")" : throw new FormatException("has a group that is not closed");
    }

    /// <summary>An atom with all quantifiers behind it.</summary>
    private string Quantified(string atom)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            string quantifier;
            var isInterval = false;
            if (Next is '?' or '*' or '+')
            {
                quantifier = _text[_at++].ToString();
            }
            else if (Next == '{' && Interval() is { } interval)
            {
                (quantifier, isInterval) = (interval.Text, true);
                _at = interval.End;
            }
            else
            {
                return atom;
            }
            if (!isFirst) atom = $"(?:{atom})";
            // Of intervals only {n,m}? is lazy; {n}? means that the whole may be missing, and {n,m}+ that it may come again.
            var isLazy = Next == '?' && (!isInterval || quantifier.Contains(',', StringComparison.Ordinal));
            var isPossessive = Next == '+' && !isInterval;
            if (isLazy || isPossessive) _at++;
            atom = isPossessive ? $"(?>{atom}{quantifier})" : atom + quantifier + (isLazy ? "?" : "");
        }
    }

    /// <summary>{n}, {n,}, {n,m} or {,m} at this place; null where the brace is only a brace.</summary>
    private (string Text, int End)? Interval()
    {
        var end = _text.IndexOf('}', _at);
        if (end < 0) return null;
        var bounds = _text[(_at + 1)..end].Split(',');
        var isInterval = bounds.Length is 1 or 2 && bounds.All(bound => bound.All(char.IsAsciiDigit)) && bounds.Any(bound => bound.Length > 0);
        if (!isInterval) return null;
        if (bounds[0].Length == 0) bounds[0] = "0";
        return ($"{{{string.Join(',', bounds)}}}", end + 1);
    }

    private string Class(bool ignoresCase)
    {
        var result = new StringBuilder("[");
        _at++;
        if (Taken("^")) result.Append('^');
        var members = result.Length;
        while (Next != ']' || result.Length == members)
        {
            if (_at >= _text.Length) throw new FormatException("has a class that is not closed");
            if (Next == '[' || _text.AsSpan(_at).StartsWith("&&")) throw Refused(Next == '[' ? "[ inside of a class" : "&&");
            if (IsClassEscape())
            {
                result.Append(Escape(inClass: true));
                continue;
            }
            var first = Character();
            var last = first;
            if (Next == '-' && _at + 1 < _text.Length && _text[_at + 1] != ']')
            {
                _at++;
                if (Next == '[' || IsClassEscape()) throw Refused("a class as the end of a range");
                last = Character();
            }
            result.Append(Member(first)).Append(last == first ? "" : "-" + Member(last));
            foreach (var letter in ignoresCase ? "sSkK" : "")
            {
                if (letter >= first && letter <= last) result.Append(Folded(letter));
            }
        }
        _at++;
        return result.Append(']').ToString();
    }

    private bool IsClassEscape() => Next == '\\' && _at + 1 < _text.Length && ClassEscapes.Contains(_text[_at + 1]);

    private static string Member(char character) => character switch
    {
        ']' or '[' or '\\' or '^' or '-' => $"\\{character}",
        '\r' => "\\r",
        '\n' => "\\n",
        _ => char.IsControl(character) ? $"\\u{(int)character:X4}" : character.ToString(),
    };

    /// <summary>One character, which may be escaped.</summary>
    private char Character()
    {
        if (Next != '\\') return _text[_at++];
        _at++;
        if (_at >= _text.Length) throw new FormatException("ends in a backslash");
        var character = _text[_at++];
        return character switch
        {
            'r' => '\r',
            'n' => '\n',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'e' => '\e',
            'x' or 'u' => Number(character),
            _ => char.IsAsciiLetterOrDigit(character) ? throw Refused($"\\{character}") : character,
        };
    }

    private string Escape(bool inClass)
    {
        var character = _at + 1 < _text.Length ? _text[_at + 1] : '\\';
        if (!ClassEscapes.Contains(character) && !(character is 'A' or 'z' or 'Z' or 'W')) return Literal(Character());
        _at += 2;
        return character switch
        {
            'p' or 'P' => Property(character == 'P'),
            'h' => inClass ? "0-9a-fA-F" : "[0-9a-fA-F]",
            'w' => inClass ? @"\p{L}\p{M}\p{N}\p{Pc}" : @"[\p{L}\p{M}\p{N}\p{Pc}]",
            'W' => @"[^\p{L}\p{M}\p{N}\p{Pc}]",
            _ => $"\\{character}",
        };
    }

    private static string Literal(char character) =>
        char.IsControl(character) || character > '~' ? $"\\u{(int)character:X4}" : Regex.Escape(character.ToString());

    private string Property(bool isNegated)
    {
        var end = Next == '{' ? _text.IndexOf('}', _at) : -1;
        if (end < 0) throw Refused("\\p");
        var name = _text[(_at + 1)..end];
        _at = end + 1;
        if (name.StartsWith('^')) (name, isNegated) = (name[1..], !isNegated);
        if (!Categories.Contains(name)) throw Refused($"\\p{{{name}}}");
        return (isNegated ? "\\P{" : "\\p{") + name + "}";
    }

    /// <summary>\xHH, \x{H…} or \uHHHH.</summary>
    private char Number(char kind)
    {
        var (start, length) = kind == 'u' ? (_at, 4) : Next == '{' ? (_at + 1, _text.IndexOf('}', _at) - _at - 1) : (_at, 2);
        if (length < 1 || start + length > _text.Length
            || !int.TryParse(_text.AsSpan(start, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point)
            || point > 0xFFFF)
            throw Refused($"\\{kind}");
        _at = start + length + (start > _at ? 1 : 0);
        return (char)point;
    }

    /// <summary>Without regard to case, Unicode has one more s and one more k, of which .NET does not know the first.</summary>
    private static char? Folded(char character) => character switch
    {
        's' or 'S' => '\u017F',
        'k' or 'K' => '\u212A',
        _ => null,
    };

    private bool Taken(string text)
    {
        if (!_text.AsSpan(_at).StartsWith(text, StringComparison.Ordinal)) return false;
        _at += text.Length;
        return true;
    }

    private FormatException Refused(string what) => new($"uses {what} at character {Math.Min(_at, _text.Length)}, which cannot be matched here");
}
