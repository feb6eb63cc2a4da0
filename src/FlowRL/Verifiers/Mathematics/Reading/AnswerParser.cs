namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>Reads whole answers: lists of tuples, intervals, sets, matrices, relations, values with units, and words.</summary>
internal sealed class AnswerParser
{
    private const int MostItems = 200;
    private const int MostNested = 8;

    private readonly TokenReader _tokens;
    private readonly ExpressionParser _expressions;
    private readonly BracketParser _brackets;
    private readonly MatrixParser _matrices;
    private readonly RelationParser _relations;

    private AnswerParser(IReadOnlyList<AnswerToken> tokens, int nesting)
    {
        _tokens = new TokenReader(tokens);
        _expressions = new ExpressionParser(_tokens);
        _brackets = new BracketParser(_tokens, this, nesting);
        _matrices = new MatrixParser(_tokens, nesting);
        _relations = new RelationParser(_tokens, _expressions, this, _matrices);
    }

    /// <exception cref="UnreadableAnswerException">The tokens are no answer in a known notation.</exception>
    public static Answer Parse(IReadOnlyList<AnswerToken> tokens) => Parse(tokens, 0);

    /// <param name="tokens">All of an answer, or of a part that stands alone.</param>
    /// <param name="nesting">In how many answers this one stands.</param>
    public static Answer Parse(IReadOnlyList<AnswerToken> tokens, int nesting)
    {
        if (nesting > MostNested) throw TokenReader.Unreadable("it is nested too deeply");
        tokens = AfterCalculation(AfterArrow(tokens));
        if (tokens.Count == 0) throw TokenReader.Unreadable("it is empty");
        if (Phrases.Of(tokens) is { } words) return words;
        if (Phrases.Except(tokens) is var (excepted, from))
            return new Answer.SetOperation("∖", from, Gathering.Set(Parse(excepted, nesting + 1)));
        var parser = new AnswerParser(tokens, nesting);
        try
        {
            var answer = parser.List(TokenKind.Sign, "");
            return parser._tokens.IsAtEnd ? answer : throw TokenReader.Unreadable($"'{parser._tokens.Peek().Text}' is not understood there");
        }
        catch (UnreadableAnswerException) when (tokens.Any(IsWord) && tokens.All(token => token.Kind != TokenKind.Unknown))
        {
            return Phrases.Mixed(tokens);
        }
    }

    /// <summary>What a calculation that is not read comes to, where it says so: 1/2 of \int_0^1 x dx = 1/2.</summary>
    private static IReadOnlyList<AnswerToken> AfterCalculation(IReadOnlyList<AnswerToken> tokens)
    {
        var unread = tokens.Count - 2;
        while (unread >= 0 && tokens[unread].Kind != TokenKind.Unknown) unread--;
        if (unread < 0) return tokens;
        var (depth, last) = (0, -1);
        for (var i = 0; i < tokens.Count - 1; i++)
        {
            if (i > unread && depth == 0 && tokens[i].IsSign("=")) last = i;
            depth += tokens[i].Kind switch
            {
                TokenKind.Open or TokenKind.BeginMatrix => 1,
                TokenKind.Close or TokenKind.EndMatrix => -1,
                _ => 0,
            };
        }
        return last < 0 ? tokens : [.. tokens.Skip(last + 1)];
    }

    private static bool IsWord(AnswerToken token) => token is { Kind: TokenKind.Words, Text.Length: > 1 } or { Kind: TokenKind.Letters, Text.Length: > 2 }
        || (token.Kind == TokenKind.Letters && !Vocabulary.IsFactor(token.Text));

    /// <summary>What follows the last ⇒.</summary>
    private static IReadOnlyList<AnswerToken> AfterArrow(IReadOnlyList<AnswerToken> tokens)
    {
        for (var i = tokens.Count - 2; i > 0; i--)
        {
            if (tokens[i].IsSign("⇒")) return [.. tokens.Skip(i + 1)];
        }
        return tokens;
    }

    /// <summary>Items up to a closing bracket or the end. In a tuple ± waits for the whole tuple to be read twice.</summary>
    public Answer List(TokenKind closeKind, string close)
    {
        var items = new List<Answer>();
        var joiner = Joiner.Comma;
        do
        {
            SkipConnections();
            items.AddRange(close is ")" or "]" ? [Joined()] : BothSigns());
            while (ReadAside(items)) { }
        }
        while (items.Count < MostItems && TakeSeparator(closeKind, close, ref joiner));
        return Gathering.Of(items, joiner);
    }

    /// <summary>A condition in brackets: kπ (k ∈ ℤ).</summary>
    private bool ReadAside(List<Answer> items)
    {
        if (!_tokens.Peek().Is(TokenKind.Open, "(") || !_expressions.IsAside()) return false;
        if (_tokens.Inside(_tokens.At, token => token is { Kind: TokenKind.Sign, Text: "≈" or "mod" }) >= 0) return false;
        _tokens.Take();
        var condition = List(TokenKind.Close, ")");
        _tokens.Expect(TokenKind.Close, ")");
        items.AddRange(Gathering.Items(condition));
        return true;
    }

    private void SkipConnections()
    {
        while (Connections.IsConnection(_tokens.Peek()) && !_tokens.IsAtEnd) _tokens.Take();
    }

    /// <summary>One item, or two where it holds a ±.</summary>
    private IEnumerable<Answer> BothSigns()
    {
        var (start, depth) = (_tokens.At, _tokens.Depth);
        (_expressions.PlusMinus, _expressions.HasPlusMinus) = (1, false);
        var plus = Joined();
        if (!_expressions.HasPlusMinus) return Gathering.Items(plus);
        _expressions.PlusMinus = -1;
        _tokens.Back(start, depth);
        var minus = Joined();
        (_expressions.PlusMinus, _expressions.HasPlusMinus) = (1, false);
        return [plus, minus];
    }

    private bool TakeSeparator(TokenKind closeKind, string close, ref Joiner joiner)
    {
        if (_tokens.IsAtEnd || _tokens.Peek().Is(closeKind, close)) return false;
        var (start, taken) = (_tokens.At, false);
        while (true)
        {
            if (_tokens.Peek().IsSeparator)
            {
                if (_tokens.Take().Text == "&") joiner = Joiner.And;
            }
            else if (Connections.JoinerOf(_tokens.Peek()) is { } word)
            {
                _tokens.Take();
                joiner = word;
            }
            else if (Connections.BeginCondition(_tokens)) _tokens.Take();
            else break;
            taken = true;
        }
        // A comma at the end says nothing.
        return taken && !_tokens.IsAtEnd && !(_tokens.Peek().Is(closeKind, close) && _tokens.At > start);
    }

    /// <summary>An item, or sets joined, cut or taken away.</summary>
    public Answer Joined()
    {
        var start = _tokens.At;
        var joined = Item();
        while (true)
        {
            if (_tokens.TakeSign("∪")) joined = new Answer.Union([.. joined is Answer.Union union ? union.Parts : [joined], Item()]);
            else if (_tokens.Peek() is { Kind: TokenKind.Sign, Text: "∩" or "∖" } operation)
            {
                _tokens.Take();
                joined = new Answer.SetOperation(operation.Text, joined, Item());
            }
            else if (_tokens.Peek().IsSign("-") && _tokens.Peek(1).Is(TokenKind.Open, "«"))
            {
                _tokens.Take();
                joined = new Answer.SetOperation("∖", joined, Item());
            }
            else return Gathering.NamedOperation(joined, () => LeftSide(start));
        }
    }

    /// <summary>The text up to the equals sign.</summary>
    private string LeftSide(int start) =>
        string.Concat(_tokens.Slice(start, _tokens.At).TakeWhile(token => !token.IsSign("=")).Select(token => token.Text));

    private Answer Item()
    {
        while (_tokens.TakeSign("≈") || TakeLeading()) { }
        if (_tokens.TakeSign("...")) return new Answer.Words("...");
        if (WholeParameter() is { } parameter) return parameter;
        if (OfSeveralParts() is { } parts) return _relations.After(parts);
        if (!_tokens.Peek(1).IsSign("=") && !_tokens.Peek(1).IsSign(":") && Phrases.OfWord(_tokens.Peek()) is { } words && EndsAfterWords(out var end))
        {
            var all = _tokens.Slice(_tokens.At, end);
            _tokens.At = end;
            return all.Count == 1 ? words : Phrases.Of(all) ?? Phrases.Mixed(all);
        }
        return _relations.Read();
    }

    /// <summary>A word that leaves the number behind it as it is: about 5.</summary>
    private bool TakeLeading()
    {
        if (!_tokens.Peek().IsWordy || !Vocabulary.IsLeading(_tokens.Peek().Text.ToLowerInvariant())) return false;
        if (_tokens.Peek(1).IsWordy || _tokens.Peek(1) is { Kind: TokenKind.Sign, Text: not ("-" or "±") }) return false; // an²
        _tokens.Take();
        return true;
    }

    /// <summary>Whether an item consists of words up to a separator or the end.</summary>
    private bool EndsAfterWords(out int end)
    {
        for (end = _tokens.At; _tokens[end] is var token && token.IsWordy && !Connections.IsConnection(token); end++) { }
        return _tokens[end] is { Text: "" } or { IsSeparator: true } or { Kind: TokenKind.Close or TokenKind.EndMatrix }
            || Connections.IsConnection(_tokens[end]);
    }

    /// <summary>What is no expression: a matrix, a set, a tuple, an interval; null where something else begins.</summary>
    public Answer? OfSeveralParts()
    {
        if (_matrices.Read() is { } matrix) return matrix;
        if (Notation.IsSet(_tokens.Peek())) return _brackets.NamedSet();
        return _brackets.Read() ?? ProgramForms.Read(_tokens, this);
    }

    /// <summary>"k is an integer", "integers k", "any integer n".</summary>
    private Answer.Assigned? WholeParameter()
    {
        var (name, length) = (_tokens.Peek(), _tokens.Peek(1), _tokens.Peek(2)) switch
        {
            ({ Kind: TokenKind.Name } k, var whole, _) when Connections.IsWhole(whole) => (k.Text, 2),
            (var whole, { Kind: TokenKind.Name } k, _) when Connections.IsWhole(whole) => (k.Text, 2),
            ({ Kind: TokenKind.Name } k, { IsWordy: true }, var whole) when Connections.IsWhole(whole) => (k.Text, 3),
            ({ IsWordy: true }, var whole, { Kind: TokenKind.Name } k) when Connections.IsWhole(whole) => (k.Text, 3),
            ({ Kind: TokenKind.Name } k, { IsWordy: true, Text: "is" }, { IsWordy: true, Text: "an" }) when Connections.IsWhole(_tokens.Peek(3)) => (k.Text, 4),
            _ => ("", 0),
        };
        if (length == 0) return null;
        _tokens.At += length;
        return new Answer.Assigned([name], new Answer.NamedSet(Answer.NamedSet.Integers), IsMember: true);
    }

    public Answer.Value Value() => _relations.Value();
}
