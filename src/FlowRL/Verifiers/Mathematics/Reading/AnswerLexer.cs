using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>How signs that can mean two things are read.</summary>
/// <param name="Thousands">Whether 1,234 is a number; otherwise it is a list of two.</param>
/// <param name="LetterUnits">Whether the letter of 5 m is a unit; otherwise it is a name.</param>
internal readonly record struct Ambiguities(bool Thousands, bool LetterUnits = false);

/// <summary>
/// Cuts an answer, in LaTeX or plain notation, into tokens. One pass, linear in the text; what it does not know becomes a token of its own,
/// which the parser then refuses.
/// </summary>
internal sealed partial class AnswerLexer(string text, Ambiguities ambiguities)
{
    private const string UnitLetters = "msghLNJWV";

    private readonly List<AnswerToken> _tokens = [];
    private readonly Stack<int> _turned = new(); // for each open \left its bar's place among the tokens, or −1
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
        else if (char.IsLetter(character)) ReadOtherLetters(character);
        else ReadSign(character);
    }

    private char Peek(int ahead) => _at + ahead >= 0 && _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private bool Ahead(string expected) => string.CompareOrdinal(text, _at, expected, 0, expected.Length) == 0;

    private AnswerToken Last => _tokens.Count > 0 ? _tokens[^1] : default;

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
        if (Ahead("..."))
        {
            _at += 3;
            Add(new(TokenKind.Sign, "..."));
            return;
        }
        _at++;
        Add(character switch
        {
            '(' or '[' or '{' => new(TokenKind.Open, character.ToString()),
            ')' or ']' or '}' => new(TokenKind.Close, character.ToString()),
            '*' when Peek(0) == '*' => Skip(1, "^"),
            '<' when Ahead("=") => Skip(1, "≤"),
            '>' when Ahead("=") => Skip(1, "≥"),
            '!' when Ahead("=") => Skip(1, "≠"),
            '=' when Ahead("=") => Skip(1, "="),
            '=' when Ahead(">") => Skip(1, "⇒"),
            '∠' or '△' or '⊙' => Figure(character.ToString()),
            _ => Notation.Characters.TryGetValue(character, out var known) ? known : new(TokenKind.Sign, character.ToString()),
        });
    }

    private AnswerToken Skip(int characters, string sign)
    {
        _at += characters;
        return new(TokenKind.Sign, sign);
    }

    /// <summary>An angle or a triangle, named by its points.</summary>
    private AnswerToken Figure(string sign)
    {
        while (Peek(0) == ' ') _at++;
        var braced = Peek(0) == '{';
        if (braced) _at++;
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Peek(0))) _at++;
        var points = text[start.._at];
        // ∠ABC is ∠CBA.
        if (points.Length == 3 && sign == "∠" && points[0] > points[2]) points = $"{points[2]}{points[1]}{points[0]}";
        var name = $"{sign}{points}";
        if (braced && Peek(0) == '}') _at++;
        return new(TokenKind.Name, name);
    }

    private void ReadLetters()
    {
        var start = _at;
        while (char.IsAsciiLetter(Peek(0))) _at++;
        var word = text[start.._at];
        if (word is "x" or "X" && IsTimes()) Add(new(TokenKind.Sign, "*"));
        else if (word == "log" && IsLogarithmOfBase(out var radix)) AddLogarithm(radix);
        else if (word == "mod") Add(new(TokenKind.Sign, "mod"));
        else if (Notation.PlainWords.TryGetValue(word, out var known)) Add(known);
        else if (word.Length > 2 && Notation.PlainWords.TryGetValue(word.ToLowerInvariant(), out known)) Add(known);
        else if (word is [.. { Length: > 1 } function, 'x' or 'y'] && Notation.PlainWords.TryGetValue(function, out var called)
            && called.Kind == TokenKind.Function)
        {
            Add(called); // sinx
            Add(new(TokenKind.Name, word[^1..]));
        }
        else if (word.Length > 1) Add(new(TokenKind.Letters, word));
        else AddLetter(word);
    }

    /// <summary>A letter: a name, a set after ∈, i in a program's notation, the C of 20 °C, or a unit if letters are units.</summary>
    private void AddLetter(string letter)
    {
        if (Last.Kind == TokenKind.Sign && Last.Text is "∈" or "∉" && Notation.Sets.TryGetValue(letter, out var set) && Peek(0) != '(')
            Add(new(TokenKind.Name, set));
        else if (letter == "I" && ((_at > 1 && text[_at - 2] == '*') || Peek(0) == '*')) Add(new(TokenKind.Name, Expression.Imaginary));
        else if (letter == "E" && Ahead("**")) Add(new(TokenKind.Name, Expression.Euler));
        else if (letter is "C" or "F" && IsAfterDegree()) Add(new(TokenKind.Words, letter == "C" ? "celsius" : "fahrenheit"));
        else if (ambiguities.LetterUnits && UnitLetters.Contains(letter, StringComparison.Ordinal) && IsUnit()) Add(new(TokenKind.Words, letter));
        else Add(new(TokenKind.Name, letter));
    }

    private bool IsAfterDegree() => _tokens.Count > 0 && (Last.IsSign("°") || (Last.Is(TokenKind.Close, "}") && _tokens.Count > 1 && _tokens[^2].IsSign("°")));

    private bool IsUnit() => (Last.Kind is TokenKind.Number or TokenKind.Close && (_space || Peek(0) is '/' or '^'))
        || (Last.IsSign("/") && _tokens.Count > 1 && _tokens[^2].IsWordy);

    /// <summary>log2(8), as programs write it.</summary>
    private bool IsLogarithmOfBase(out string radix)
    {
        var end = 0;
        while (char.IsAsciiDigit(Peek(end))) end++;
        radix = text.Substring(_at, end);
        return end > 0 && Peek(end) == '(';
    }

    private void AddLogarithm(string radix)
    {
        _at += radix.Length;
        Add(new(TokenKind.Function, "log"));
        Add(new(TokenKind.Sign, "_"));
        Add(new(TokenKind.Number, radix));
    }

    /// <summary>Whether an x is a times sign: 1.5 x 10^3, 3 x 4.</summary>
    private bool IsTimes()
    {
        if (Last.Kind != TokenKind.Number) return false;
        if (_space && Peek(0) == ' ' && char.IsAsciiDigit(Peek(1))) return true;
        var at = 0;
        while (Peek(at) == ' ') at++;
        return Peek(at) == '1' && Peek(at + 1) == '0' && Peek(at + 2) == '^';
    }

    /// <summary>Letters that are not Latin: a name in Greek, a set, or words.</summary>
    private void ReadOtherLetters(char character)
    {
        if (Notation.Characters.TryGetValue(character, out var known) || "ℝℤℕℚℂ".Contains(character, StringComparison.Ordinal))
        {
            _at++;
            Add(known.Text is null ? new(TokenKind.Name, character.ToString()) : known);
            return;
        }
        if (Notation.GreekLetters.TryGetValue(character, out var name))
        {
            _at++;
            Add(new(TokenKind.Name, name));
            return;
        }
        var start = _at;
        while (char.IsLetter(Peek(0)) && !char.IsAsciiLetter(Peek(0)) && !Notation.GreekLetters.ContainsKey(Peek(0))) _at++;
        var word = text[start.._at];
        Add(new(TokenKind.Words, word switch { "或" or "或者" => "or", "和" or "与" or "及" or "且" or "以及" or "并且" => "and", _ => word }));
    }
}
