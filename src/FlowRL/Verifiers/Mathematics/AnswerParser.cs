using System.Text;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>Reads whole answers: lists of tuples, intervals, sets, matrices, relations, values with units, and words.</summary>
internal sealed class AnswerParser
{
    private const int MostItems = 200;

    private static readonly string[] Relations = ["=", "<", ">", "≤", "≥", "≠", "∈"];

    private readonly IReadOnlyList<AnswerToken> _all;
    private readonly TokenReader _tokens;
    private readonly ExpressionParser _expressions;

    private AnswerParser(IReadOnlyList<AnswerToken> tokens)
    {
        _all = tokens;
        _tokens = new TokenReader(tokens);
        _expressions = new ExpressionParser(_tokens);
    }

    /// <exception cref="UnreadableAnswerException">The tokens are no answer in a known notation.</exception>
    public static Answer Parse(IReadOnlyList<AnswerToken> tokens)
    {
        if (tokens.Count == 0) throw TokenReader.Unreadable("it is empty");
        if (AreWords(tokens)) return Words(tokens);
        var parser = new AnswerParser(tokens);
        try
        {
            var answer = parser.List(TokenKind.Sign, "");
            return parser._tokens.IsAtEnd ? answer : throw TokenReader.Unreadable($"'{parser._tokens.Peek().Text}' is not understood there");
        }
        catch (UnreadableAnswerException) when (tokens.Any(token => token.IsWordy && token.Text.Length > 2))
        {
            return Words(tokens);
        }
    }

    /// <summary>Whether a text is language and not mathematics: words, one of which is too long to be a product of names.</summary>
    private static bool AreWords(IReadOnlyList<AnswerToken> tokens) =>
        tokens.Any(token => token is { Kind: TokenKind.Words, Text.Length: > 1 } or { Kind: TokenKind.Letters, Text.Length: > 3 })
        && tokens.All(token => token.IsWordy || token.Kind == TokenKind.Name || token is { Kind: TokenKind.Sign, Text: "." or "-" or "'" or "!" or "?" });

    private static Answer.Words Words(IReadOnlyList<AnswerToken> tokens)
    {
        var text = new StringBuilder();
        foreach (var character in string.Join(' ', tokens.Select(token => token.Text)).ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(character)) text.Append(character);
        }
        return new Answer.Words(text.ToString());
    }

    /// <summary>Items up to a closing bracket or the end. In a tuple ± waits for the whole tuple to be read twice.</summary>
    private Answer List(TokenKind closeKind, string close)
    {
        var items = new List<Answer>();
        do
        {
            while (TakeWord("or") || TakeWord("and")) { }
            items.AddRange(close is ")" or "]" ? [Joined()] : BothSigns());
        }
        while (items.Count < MostItems && TakeSeparator(closeKind, close));
        return items is [var only] ? only : new Answer.Sequence(Answer.Sequence.Bare, Answer.Sequence.Bare, items);
    }

    /// <summary>One item, or two where it holds a ±.</summary>
    private IEnumerable<Answer> BothSigns()
    {
        var start = _tokens.At;
        (_expressions.PlusMinus, _expressions.HasPlusMinus) = (1, false);
        var plus = Joined();
        if (!_expressions.HasPlusMinus) return [plus];
        (_expressions.PlusMinus, _tokens.At) = (-1, start);
        var minus = Joined();
        (_expressions.PlusMinus, _expressions.HasPlusMinus) = (1, false);
        return [plus, minus];
    }

    private bool TakeSeparator(TokenKind closeKind, string close)
    {
        if (_tokens.IsAtEnd || _tokens.Peek().Is(closeKind, close)) return false;
        return _tokens.TakeSign(",") || _tokens.TakeSign(";") || IsWord("or") || IsWord("and");
    }

    private bool IsWord(string word) =>
        _tokens.Peek() is { IsWordy: true, Text: var text } && text.Trim(',', ' ').Equals(word, StringComparison.OrdinalIgnoreCase);

    private bool TakeWord(string word)
    {
        if (!IsWord(word)) return false;
        _tokens.At++;
        return true;
    }

    private Answer Joined()
    {
        var parts = new List<Answer> { Item() };
        while (_tokens.TakeSign("∪")) parts.Add(Item());
        return parts is [var only] ? only : new Answer.Union(parts);
    }

    private Answer Item()
    {
        if (_tokens.Peek().Kind == TokenKind.BeginMatrix) return Matrix();
        if (_tokens.Peek().Kind == TokenKind.Name && _tokens.Peek(1).IsSign("∈"))
        {
            _tokens.At += 2; // x ∈ (1, 2) says (1, 2)
            return Joined();
        }
        if (Sequence() is { } sequence) return sequence;
        if (_tokens.Peek() is { IsWordy: true, Text: var word } && Spelt(word) is { } text)
        {
            _tokens.At++;
            return new Answer.Words(text);
        }
        return Relation();
    }

    private static string? Spelt(string word) =>
        word.Length > 3 || word.Any(c => !char.IsAsciiLetter(c)) ? string.Concat(word.ToLowerInvariant().Where(char.IsLetterOrDigit)) : null;

    /// <summary>Brackets that hold a list; null where they hold an expression, or none open here.</summary>
    private Answer.Sequence? Sequence()
    {
        if (_tokens.Peek() is not { Kind: TokenKind.Open, Text: "(" or "[" or "«" or "{" } open) return null;
        var close = Closing(_tokens.At, out var hasComma);
        if (close < 0 || (!hasComma && open.Text != "«") || (open.Text == "{" && !hasComma)) return null;
        if (close + 1 < _all.Count && _all[close + 1] is not (
            { Kind: TokenKind.Sign, Text: "," or ";" or "∪" or "∩" or "." } or { Kind: TokenKind.Close or TokenKind.Words or TokenKind.Letters })) return null;
        _tokens.At++;
        return _tokens.Deeper(() =>
        {
            var closing = _all[close];
            var items = _tokens.At == close ? [] : Items(List(closing.Kind, closing.Text));
            if (_tokens.At != close) throw TokenReader.Unreadable($"'{_tokens.Peek().Text}' is not understood inside brackets");
            _tokens.At++;
            var isSet = open.Text is "«" or "{";
            return new Answer.Sequence(isSet ? '{' : open.Text[0], isSet ? '}' : closing.Text[0], items);
        });
    }

    private static IReadOnlyList<Answer> Items(Answer list) => list is Answer.Sequence { IsBare: true } sequence ? sequence.Items : [list];

    /// <summary>The token that closes the bracket at <paramref name="open"/>, of whatever kind: [1, 2) is an interval. −1 where none does.</summary>
    private int Closing(int open, out bool hasComma)
    {
        (var depth, hasComma) = (0, false);
        for (var i = open; i < _all.Count; i++)
        {
            if (_all[i].Kind == TokenKind.Open) depth++;
            else if (_all[i].Kind == TokenKind.Close && --depth == 0) return i;
            else if (depth == 1 && (_all[i].IsSign(",") || _all[i].IsSign(";"))) hasComma = true;
        }
        return -1;
    }

    private Answer.Matrix Matrix()
    {
        _tokens.At++;
        var rows = new List<IReadOnlyList<Answer>>();
        var row = new List<Answer>();
        while (_tokens.Peek().Kind != TokenKind.EndMatrix)
        {
            row.Add(Value(_expressions.Sum()));
            if (_tokens.TakeSign("&")) continue;
            rows.Add(row);
            row = [];
            if (!_tokens.TakeSign("\\") && _tokens.Peek().Kind != TokenKind.EndMatrix) throw TokenReader.Unreadable("a matrix does not end");
        }
        _tokens.At++;
        return new Answer.Matrix(rows);
    }

    private Answer Relation()
    {
        var (sides, signs) = (new List<Expression>(), new List<string>());
        sides.Add(_expressions.Sum());
        if (_tokens.Peek() is { Kind: TokenKind.Sign, Text: ":" }) return Ratio(sides[0]);
        while (_tokens.Peek() is { Kind: TokenKind.Sign, Text: var sign } && Relations.Contains(sign))
        {
            _tokens.At++;
            signs.Add(sign);
            sides.Add(_expressions.Sum());
        }
        var value = Value(sides[^1]);
        return signs.Count == 0 ? value : new Answer.Relation(sides, signs);
    }

    private Answer.Sequence Ratio(Expression first)
    {
        var parts = new List<Answer> { new Answer.Value(first, "", false) };
        while (_tokens.TakeSign(":")) parts.Add(Value(_expressions.Sum()));
        return new Answer.Sequence(':', ':', parts);
    }

    /// <summary>With what follows: a percent sign, or words and their powers as the unit.</summary>
    private Answer.Value Value(Expression expression)
    {
        var isPercent = _tokens.TakeSign("%");
        var unit = new StringBuilder();
        while (_tokens.Peek().IsWordy && !IsWord("or") && !IsWord("and"))
        {
            unit.Append(_tokens.Take().Text);
            if (_tokens.TakeSign("^")) unit.Append(Exponent());
            if (_tokens.Peek().IsSign("/") && _tokens.Peek(1).IsWordy) unit.Append(_tokens.Take().Text);
        }
        _tokens.TakeSign(".");
        return new Answer.Value(expression, UnitName(unit.ToString()), isPercent);
    }

    private string Exponent()
    {
        var braced = _tokens.TakeIf(TokenKind.Open, "{");
        var exponent = _tokens.Take().Text;
        if (braced) _tokens.Expect(TokenKind.Close, "}");
        return exponent;
    }

    /// <summary>Lower case without spaces, points and a plural's s.</summary>
    private static string UnitName(string unit)
    {
        var name = string.Concat(unit.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c == '/')).TrimEnd('s');
        return name == "unit" ? "" : name;
    }
}

/// <summary>An answer is not in the notation that can be read. Never leaves <see cref="AnswerComparer"/>.</summary>
internal sealed class UnreadableAnswerException(string reason) : Exception(reason);
