namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>A place in the tokens of an answer, with the budget that keeps reading bounded.</summary>
internal sealed class TokenReader(IReadOnlyList<AnswerToken> tokens)
{
    private const int Deepest = 60;
    private const int MostTaken = 40_000;

    private static readonly AnswerToken Nothing = new(TokenKind.Sign, "");
    private int _depth;
    private int _taken;

    public int At { get; set; }

    public bool IsAtEnd => At >= tokens.Count;

    public AnswerToken Peek(int ahead = 0) => At + ahead >= 0 && At + ahead < tokens.Count ? tokens[At + ahead] : Nothing;

    public AnswerToken Take()
    {
        if (IsAtEnd) throw Unreadable("it ends too early");
        if (++_taken > MostTaken) throw Unreadable("it takes too long");
        return tokens[At++];
    }

    public bool TakeIf(TokenKind kind, string text)
    {
        if (!Peek().Is(kind, text)) return false;
        Take();
        return true;
    }

    public bool TakeSign(string text) => TakeIf(TokenKind.Sign, text);

    public void Expect(TokenKind kind, string text)
    {
        if (!TakeIf(kind, text)) throw Unreadable(IsAtEnd ? $"'{text}' is missing" : $"'{text}' is missing before '{Peek().Text}'");
    }

    /// <summary>Runs <paramref name="read"/> one level deeper.</summary>
    public T Deeper<T>(Func<T> read)
    {
        if (++_depth > Deepest) throw Unreadable("it is nested too deeply");
        var result = read();
        _depth--;
        return result;
    }

    /// <summary>
    /// Goes back to <paramref name="at"/> after what was tried there did not lead on, even where it threw.
    /// </summary>
    public void Back(int at, int depth) => (At, _depth) = (at, depth);

    public int Depth => _depth;

    /// <summary>The token that closes the bracket at <paramref name="open"/>, of whatever kind: [1, 2) is an interval. −1 where none does.</summary>
    public int Closing(int open)
    {
        var depth = 0;
        for (var i = open; i < tokens.Count; i++)
        {
            if (tokens[i].Kind is TokenKind.Open or TokenKind.BeginMatrix) depth++;
            else if (tokens[i].Kind is TokenKind.Close or TokenKind.EndMatrix && --depth == 0) return i;
        }
        return -1;
    }

    /// <summary>The first token directly inside the bracket at <paramref name="open"/> that is so; −1 where none is.</summary>
    public int Inside(int open, Func<AnswerToken, bool> isSo)
    {
        var depth = 0;
        for (var i = open; i < tokens.Count; i++)
        {
            if (tokens[i].Kind is TokenKind.Open or TokenKind.BeginMatrix) depth++;
            else if (tokens[i].Kind is TokenKind.Close or TokenKind.EndMatrix && --depth == 0) return -1;
            else if (depth == 1 && isSo(tokens[i])) return i;
        }
        return -1;
    }

    public AnswerToken this[int index] => index >= 0 && index < tokens.Count ? tokens[index] : Nothing;

    public IReadOnlyList<AnswerToken> Slice(int from, int to) => [.. tokens.Skip(from).Take(to - from)];

    public static UnreadableAnswerException Unreadable(string reason) => new(reason);
}

/// <summary>An answer is not in the notation that can be read. Never leaves <see cref="AnswerComparer"/>.</summary>
internal sealed class UnreadableAnswerException(string reason) : Exception(reason);
