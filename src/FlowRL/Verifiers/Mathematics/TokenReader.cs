namespace FlowRL.Verifiers.Mathematics;

/// <summary>A place in the tokens of an answer, with the budget that keeps reading bounded.</summary>
internal sealed class TokenReader(IReadOnlyList<AnswerToken> tokens)
{
    private const int Deepest = 60;

    private static readonly AnswerToken Nothing = new(TokenKind.Sign, "");
    private int _depth;

    public int At { get; set; }

    public bool IsAtEnd => At >= tokens.Count;

    public AnswerToken Peek(int ahead = 0) => At + ahead < tokens.Count ? tokens[At + ahead] : Nothing;

    public AnswerToken Take() => IsAtEnd ? throw Unreadable("it ends too early") : tokens[At++];

    public bool TakeIf(TokenKind kind, string text)
    {
        if (!Peek().Is(kind, text)) return false;
        At++;
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

    public static UnreadableAnswerException Unreadable(string reason) => new(reason);
}
