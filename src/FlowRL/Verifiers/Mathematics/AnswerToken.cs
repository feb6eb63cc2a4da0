namespace FlowRL.Verifiers.Mathematics;

internal enum TokenKind
{
    /// <summary>A decimal number; the text is its digits and point.</summary>
    Number,

    /// <summary>A repeating decimal: the text is "0.1(6)".</summary>
    Repeating,

    /// <summary>A variable or constant.</summary>
    Name,

    /// <summary>A function's name, as <see cref="Functions"/> has it, or <c>frac</c>, <c>sqrt</c>, <c>binom</c>.</summary>
    Function,

    /// <summary>Words: the content of \text{}.</summary>
    Words,

    /// <summary>A run of letters: words, a unit, or a product of names.</summary>
    Letters,

    /// <summary>( [ { or their mirror images; a set's braces are « and ».</summary>
    Open,
    Close,

    /// <summary>Everything else, one sign each.</summary>
    Sign,

    /// <summary>Begin or end of a matrix.</summary>
    BeginMatrix,
    EndMatrix,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text in one notation, whichever was written.</param>
/// <param name="SpaceBefore">Whether white space separates it from what precedes.</param>
internal readonly record struct AnswerToken(TokenKind Kind, string Text, bool SpaceBefore = false)
{
    public bool Is(TokenKind kind, string text) => Kind == kind && Text == text;

    public bool IsWordy => Kind is TokenKind.Words or TokenKind.Letters;

    public bool IsSign(string text) => Is(TokenKind.Sign, text);
}
