namespace FlowRL.Verifiers.Mathematics;

/// <summary>
/// Cuts an answer, in LaTeX or plain notation, into tokens. One pass, linear in the text; what it does not know becomes a sign of its own,
/// which the parser then refuses.
/// </summary>
/// <remarks>
/// A comma between digits is a thousands separator where the groups look like one, outside of brackets, and only if
/// <paramref name="thousands"/>: 1,234 can also be a list of two.
/// </remarks>
internal sealed class AnswerLexer(string text, bool thousands)
{
    private readonly List<AnswerToken> _tokens = [];
    private int _at;
    private int _depth;
    private int _matrices;
    private bool _space;

    public IReadOnlyList<AnswerToken> Read()
    {
        while (_at < text.Length) Next();
        return _tokens;
    }

    private void Next()
    {
        var character = text[_at];
        if (char.IsWhiteSpace(character) || character is '$' or '~')
        {
            _at++;
            _space = true;
        }
        else if (char.IsAsciiDigit(character) || (character == '.' && char.IsAsciiDigit(Peek(1)))) ReadNumber();
        else if (character == '\\') ReadCommand();
        else if (char.IsAsciiLetter(character)) ReadLetters();
        else ReadSign(character);
    }

    private char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private void Add(AnswerToken token)
    {
        if (token.Kind == TokenKind.Open) _depth++;
        if (token.Kind == TokenKind.Close) _depth--;
        if (token.Kind == TokenKind.BeginMatrix) _matrices++;
        if (token.Kind == TokenKind.EndMatrix) _matrices--;
        _tokens.Add(token with { SpaceBefore = _space });
        _space = false;
    }

    private void ReadSign(char character)
    {
        _at++;
        Add(character switch
        {
            '(' or '[' or '{' => new(TokenKind.Open, character.ToString()),
            ')' or ']' or '}' => new(TokenKind.Close, character.ToString()),
            '*' when Peek(0) == '*' => Skip(1, new(TokenKind.Sign, "^")),
            '<' or '>' or '!' when Peek(0) == '=' => Skip(1, new(TokenKind.Sign, character switch { '<' => "≤", '>' => "≥", _ => "≠" })),
            '=' when Peek(0) == '=' => Skip(1, new(TokenKind.Sign, "=")),
            _ => Notation.Characters.TryGetValue(character, out var known) ? known
                : char.IsLetter(character) ? new(TokenKind.Name, character.ToString())
                : new(TokenKind.Sign, character.ToString()),
        });
    }

    private AnswerToken Skip(int characters, AnswerToken token)
    {
        _at += characters;
        return token;
    }

    private void ReadNumber()
    {
        var digits = new System.Text.StringBuilder();
        var groups = false;
        while (true)
        {
            while (char.IsAsciiDigit(Peek(0))) digits.Append(text[_at++]);
            var separator = Separator(digits.Length, groups);
            if (separator == 0) break;
            _at += separator;
            groups = true;
        }
        if (Peek(0) == '.' && char.IsAsciiDigit(Peek(1)))
        {
            do digits.Append(text[_at++]); while (char.IsAsciiDigit(Peek(0)));
        }
        else if (Peek(0) == '.' && !char.IsAsciiLetter(Peek(1)) && Peek(1) != '.' && !IsBar(1))
        {
            _at++; // a full stop
        }
        else if (Peek(0) == '.' && IsBar(1)) digits.Append(text[_at++]);
        if (IsBar(0) && Period() is { } period) Add(new(TokenKind.Repeating, $"{digits}({period})"));
        else Add(new(TokenKind.Number, digits.ToString()));
        ReadExponent();
    }

    /// <summary>Characters of a thousands separator here: {,} and ,\! always, a bare comma where the groups look like one.</summary>
    private int Separator(int before, bool groups)
    {
        var mark = Ahead("{,}") ? 3 : Ahead(",\\!") ? 3 : Ahead("\\,") || Ahead("\\!") || Ahead("\\ ") ? 2
            : Peek(0) == ',' && thousands && _depth == 0 && (groups || (before is >= 1 and <= 3)) ? 1 : 0;
        if (mark == 0) return 0;
        for (var i = 0; i < 3; i++)
        {
            if (!char.IsAsciiDigit(Peek(mark + i))) return 0;
        }
        return char.IsAsciiDigit(Peek(mark + 3)) ? 0 : mark;
    }

    private bool Ahead(string expected) => string.CompareOrdinal(text, _at, expected, 0, expected.Length) == 0;

    private bool IsBar(int ahead) =>
        string.CompareOrdinal(text, _at + ahead, "\\overline{", 0, 10) == 0 || string.CompareOrdinal(text, _at + ahead, "\\bar{", 0, 5) == 0;

    /// <summary>The digits under a bar; null where there is something else.</summary>
    private string? Period()
    {
        var open = text.IndexOf('{', _at);
        var close = open + 1;
        while (close < text.Length && char.IsAsciiDigit(text[close])) close++;
        if (close == open + 1 || close >= text.Length || text[close] != '}') return null;
        _at = close + 1;
        return text[(open + 1)..close];
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

    private void ReadCommand()
    {
        // Outside of a matrix two backslashes are one that was escaped once too often.
        if (_matrices == 0 && Peek(1) == '\\' && char.IsAsciiLetter(Peek(2))) _at++;
        var start = ++_at;
        while (char.IsAsciiLetter(Peek(0))) _at++;
        var name = text[start.._at];
        if (name.Length == 0) ReadEscaped();
        else if (Notation.Texts.Contains(name)) ReadText();
        else if (name is "begin" or "end") ReadEnvironment(name);
        else if (Notation.Commands.TryGetValue(name, out var token))
        {
            Add(token);
            if (token.Text is "frac" or "binom") ReadDigitArguments();
        }
        else if (!Notation.Ignored.Contains(name)) Add(new(TokenKind.Name, name)); // \alpha and the like
    }

    /// <summary>\frac12 and \frac1{12}: digits straight after the command are arguments one by one.</summary>
    private void ReadDigitArguments()
    {
        for (var argument = 0; argument < 2; argument++)
        {
            while (Peek(0) == ' ') _at++;
            if (!char.IsAsciiDigit(Peek(0))) return;
            Add(new(TokenKind.Number, text[_at++].ToString()));
        }
    }

    private void ReadEscaped()
    {
        var character = Peek(0);
        _at++;
        switch (character)
        {
            case '{': Add(new(TokenKind.Open, "«")); break;
            case '}': Add(new(TokenKind.Close, "»")); break;
            case '%': Add(new(TokenKind.Sign, "%")); break;
            case '\\': Add(new(TokenKind.Sign, "\\")); break;
            case '|': Add(new(TokenKind.Sign, "|")); break;
            case '(' or ')' or '[' or ']' or '$' or '!' or ',' or ';' or ':' or ' ' or '>' or '\0': _space = true; break; // delimiters of formulas, and spaces
            default: Add(new(TokenKind.Sign, character.ToString())); break;
        }
    }

    private void ReadText()
    {
        while (Peek(0) == ' ') _at++;
        if (Peek(0) != '{') return;
        var (depth, start) = (0, _at + 1);
        for (; _at < text.Length; _at++)
        {
            if (text[_at] == '{') depth++;
            if (text[_at] == '}' && --depth == 0) break;
        }
        var content = text[start..Math.Min(_at, text.Length)].Trim();
        _at++;
        if (content.Length == 0) return;
        // \mathrm{sin}, \text{i} and the like are mathematics; so are words that are none.
        if (Notation.PlainWords.TryGetValue(content, out var known)) Add(known);
        else if (content.Any(char.IsAsciiDigit) || !content.Any(char.IsLetter)) Nested(content);
        else Add(new(TokenKind.Words, content));
    }

    private void Nested(string content)
    {
        foreach (var token in new AnswerLexer(content, thousands).Read()) Add(token);
    }

    private void ReadEnvironment(string name)
    {
        var close = Peek(0) == '{' ? text.IndexOf('}', _at) : -1;
        if (close < 0) return;
        var environment = text[(_at + 1)..close];
        _at = close + 1;
        if (environment is "array" && name == "begin" && Peek(0) == '{') _at = text.IndexOf('}', _at) is >= 0 and var end ? end + 1 : text.Length;
        if (environment.EndsWith("matrix", StringComparison.Ordinal) || environment == "array")
            Add(new(name == "begin" ? TokenKind.BeginMatrix : TokenKind.EndMatrix, environment));
    }

    private void ReadLetters()
    {
        var start = _at;
        while (char.IsAsciiLetter(Peek(0))) _at++;
        var word = text[start.._at];
        if (Notation.PlainWords.TryGetValue(word, out var known)) Add(known);
        else if (Notation.PlainWords.TryGetValue(word.ToLowerInvariant(), out known) && word.Length > 2) Add(known);
        else Add(new(word.Length == 1 ? TokenKind.Name : TokenKind.Letters, word));
    }
}
