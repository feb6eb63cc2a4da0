using System.Buffers;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>Commands of LaTeX.</summary>
internal sealed partial class AnswerLexer
{
    private static readonly SearchValues<char> SignsOfMathematics = SearchValues.Create("$\\0123456789");

    private void ReadCommand()
    {
        // Outside of a matrix two backslashes before a command's name are one that was escaped once too often.
        if (_matrices == 0 && Peek(1) == '\\' && IsKnownCommand(_at + 2)) _at++;
        var start = ++_at;
        while (char.IsAsciiLetter(Peek(0))) _at++;
        var name = text[start.._at];
        while (name.Length > 0 && Peek(0) == ' ') _at++; // it ends the command's name, no more
        switch (name)
        {
            case "": ReadEscaped(); break;
            case "begin" or "end": ReadEnvironment(name); break;
            case "left" or "right" or "middle": ReadTurned(name); break;
            case "not": ReadNegated(); break;
            case "angle" or "measuredangle": Add(Figure("∠")); break;
            case "triangle" or "Delta" when IsFigure(): Add(Figure("△")); break;
            case "odot": Add(Figure("⊙")); break;
            case "overline" or "bar" or "hat" or "widehat" or "overrightarrow": ReadMarked(name); break;
            default: ReadNamed(name); break;
        }
    }

    private bool IsKnownCommand(int at)
    {
        var end = at;
        while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
        var name = text[at..end];
        return name is "begin" or "end" or "left" or "right" or "angle" or "triangle" or "overline" or "overrightarrow" or "not"
            || Notation.Commands.ContainsKey(name) || Notation.Texts.Contains(name) || Notation.Ignored.Contains(name)
            || Notation.WithDroppedArgument.Contains(name);
    }

    private void ReadNamed(string name)
    {
        if (Notation.Texts.Contains(name)) ReadText(name);
        else if (Notation.WithDroppedArgument.Contains(name)) DropArgument();
        else if (Notation.Commands.TryGetValue(name, out var token))
        {
            Add(token);
            if (token.Text is "frac" or "binom") ReadDigitArguments();
        }
        else if (!Notation.Ignored.Contains(name)) Add(new(TokenKind.Unknown, name));
        else _space = true;
    }

    private bool IsFigure()
    {
        var at = 0;
        while (Peek(at) is ' ' or '{') at++;
        return char.IsAsciiLetterUpper(Peek(at)) && char.IsAsciiLetterUpper(Peek(at + 1));
    }

    /// <summary>A bar that \left or \right turns is a bracket; \right. is nothing.</summary>
    private void ReadTurned(string name)
    {
        while (Peek(0) == ' ') _at++;
        var bar = Peek(0) == '|' ? 1 : Ahead("\\|") ? 2 : 0;
        if (name == "middle") return;
        if (name == "left") _turned.Push(bar > 0 ? _tokens.Count : -1);
        var opened = name == "right" && _turned.TryPop(out var left) ? left : -1;
        if (bar > 0)
        {
            _at += bar;
            Add(new(name == "left" ? TokenKind.Open : TokenKind.Close, "|"));
        }
        else if (Peek(0) == '.')
        {
            _at++;
            if (opened < 0) return;
            // \left| that nothing but \right. closes is the bar of a set with a condition.
            _tokens[opened] = _tokens[opened] with { Kind = TokenKind.Sign };
            _depth--;
        }
    }

    private void ReadNegated()
    {
        while (Peek(0) == ' ') _at++;
        var sign = Peek(0) == '=' ? "=" : Ahead("\\in") ? "\\in" : Ahead("\\equiv") ? "\\equiv" : "";
        _at += sign.Length;
        Add(sign switch { "=" => new(TokenKind.Sign, "≠"), "\\in" => new(TokenKind.Sign, "∉"), _ => new(TokenKind.Unknown, "not") });
    }

    /// <summary>\overline{ab} is a name of its own, not the product ab; \hat{i} is no imaginary unit.</summary>
    private void ReadMarked(string mark)
    {
        while (Peek(0) == ' ') _at++;
        var braced = Peek(0) == '{';
        var start = _at + (braced ? 1 : 0);
        var end = start;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]) && (braced || end == start)) end++;
        if (end == start || (braced && (end == text.Length || text[end] != '}')))
        {
            Add(new(TokenKind.Unknown, mark));
            return;
        }
        _at = end + (braced ? 1 : 0);
        var kind = mark switch { "overrightarrow" => "vec", "hat" or "widehat" => "hat", _ => "bar" };
        Add(new(TokenKind.Name, $"{kind} {text[start..end]}"));
    }

    private void DropArgument()
    {
        while (Peek(0) == ' ') _at++;
        if (Peek(0) == '[') _at = text.IndexOf(']', _at) is >= 0 and var bracket ? bracket + 1 : _at;
        if (Peek(0) == '{') _at = text.IndexOf('}', _at) is >= 0 and var end ? end + 1 : text.Length;
        _space = true;
    }

    /// <summary>\frac12, \frac1{12} and \frac ab: digits and letters straight after the command are arguments one by one.</summary>
    private void ReadDigitArguments()
    {
        for (var argument = 0; argument < 2; argument++)
        {
            while (Peek(0) == ' ') _at++;
            if (!char.IsAsciiLetterOrDigit(Peek(0))) return;
            Add(new(char.IsAsciiDigit(Peek(0)) ? TokenKind.Number : TokenKind.Name, text[_at++].ToString()));
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
            case '$': Add(new(TokenKind.Words, "dollar")); break;
            case '(' or ')' or '[' or ']' or '!' or ',' or ';' or ':' or ' ' or '>' or '\0' or '/' or '\n': _space = true; break; // delimiters and spaces
            default: Add(new(TokenKind.Sign, character.ToString())); break;
        }
    }

    private void ReadText(string command)
    {
        while (Peek(0) == ' ') _at++;
        if (Peek(0) != '{')
        {
            // \mathbf R, \mathbb R
            if (command is "mathbb" or "Bbb" && Notation.Sets.TryGetValue(Peek(0).ToString(), out var set))
            {
                _at++;
                Add(new(TokenKind.Name, set));
            }
            return;
        }
        var (depth, start) = (0, _at + 1);
        for (; _at < text.Length; _at++)
        {
            if (text[_at] == '{') depth++;
            if (text[_at] == '}' && --depth == 0) break;
        }
        var content = text[start..Math.Min(_at, text.Length)].Trim(' ', '~', '\t');
        _at++;
        if (content.Length > 0) AddText(command, content);
    }

    private void AddText(string command, string content)
    {
        // \mathrm{sin}, \text{i} and the like are mathematics; so are words that are none.
        if (command is "mathbb" or "Bbb" && Notation.Sets.TryGetValue(content, out var set)) Add(new(TokenKind.Name, set));
        else if (Notation.PlainWords.TryGetValue(content, out var known)) Add(known);
        else if (content is "mod") Add(new(TokenKind.Sign, "mod"));
        else if (content is [var letter] && char.IsAsciiLetter(letter) && !IsLetterOfUnit(letter)) AddLetter(content);
        else if (IsMathematics(command, content)) Nested(content, areUnits: command == "mathrm" && char.IsAsciiLetter(content[0]) && IsAfterNumber);
        else AddWords(content);
    }

    /// <summary>"hours and" before a number is a unit and a connection.</summary>
    private void AddWords(string content)
    {
        var last = content.LastIndexOf(' ');
        if (last > 0 && content[(last + 1)..] is "and" or "or" && _at < text.Length)
        {
            Add(new(TokenKind.Words, content[..last].TrimEnd(' ', ',')));
            Add(new(TokenKind.Words, content[(last + 1)..]));
        }
        else Add(new(TokenKind.Words, content));
    }

    private static bool IsMathematics(string command, string content) => !content.Any(char.IsLetter) || content.AsSpan().ContainsAny(SignsOfMathematics)
        || (command is "mathbf" or "mathbb" && !content.All(char.IsAsciiLetter));

    /// <summary>Whether a letter in upright type after a number is its unit, as in 5 \mathrm{m}; e and i never are.</summary>
    private bool IsLetterOfUnit(char letter) => letter is not ('e' or 'i') && Peek(0) != '_'
        && (IsAfterNumber || Last.IsSign("/"));

    private bool IsAfterNumber => Last.Kind is TokenKind.Number or TokenKind.Close or TokenKind.Words;

    /// <param name="content">Mathematics inside of a text.</param>
    /// <param name="areUnits">Whether its letters are units: 9.8 \mathrm{m\,s^{-2}}.</param>
    private void Nested(string content, bool areUnits)
    {
        var (space, first) = (_space, true);
        foreach (var token in new AnswerLexer(content, ambiguities).Read())
        {
            _space = first ? space : token.SpaceBefore;
            first = false;
            Add(areUnits && token.Kind == TokenKind.Name ? token with { Kind = TokenKind.Words } : token);
        }
    }

    private void ReadEnvironment(string name)
    {
        var close = Peek(0) == '{' ? text.IndexOf('}', _at) : -1;
        if (close < 0) return;
        var environment = text[(_at + 1)..close].TrimEnd('*');
        _at = close + 1;
        if (environment is "array" && name == "begin" && Peek(0) == '{') _at = text.IndexOf('}', _at) is >= 0 and var end ? end + 1 : text.Length;
        if (environment.EndsWith("matrix", StringComparison.Ordinal) || Notation.Environments.Contains(environment))
            Add(new(name == "begin" ? TokenKind.BeginMatrix : TokenKind.EndMatrix, environment));
    }
}
