namespace FlowRL.Verifiers.Mathematics.Reading;

internal enum TokenKind
{
    /// <summary>A decimal number; the text is its digits and point.</summary>
    Number,

    /// <summary>A repeating decimal: the text is "0.1(6)".</summary>
    Repeating,

    /// <summary>A variable, a constant or a named set.</summary>
    Name,

    /// <summary>A function's name, as <see cref="Values.Functions"/> has it, or <c>frac</c>, <c>sqrt</c>, <c>binom</c>.</summary>
    Function,

    /// <summary>Words: the content of \text{}, or letters that are not Latin.</summary>
    Words,

    /// <summary>A run of letters: words, a unit, or a product of names.</summary>
    Letters,

    /// <summary>( [ { or their mirror images; a set's braces are « and »; a bar that \left or \right turns is |.</summary>
    Open,
    Close,

    /// <summary>Everything else, one sign each.</summary>
    Sign,

    /// <summary>Begin or end of a matrix, a table or an alignment; the text is its environment.</summary>
    BeginMatrix,
    EndMatrix,

    /// <summary>A command that is not read, such as an integral.</summary>
    Unknown,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text in one notation, whichever was written.</param>
/// <param name="SpaceBefore">Whether white space separates it from what precedes.</param>
internal readonly record struct AnswerToken(TokenKind Kind, string Text, bool SpaceBefore = false)
{
    public bool Is(TokenKind kind, string text) => Kind == kind && Text == text;

    public bool IsWordy => Kind is TokenKind.Words or TokenKind.Letters;

    public bool IsSign(string text) => Is(TokenKind.Sign, text);

    /// <summary>Whether it makes an equation, an inequality or a membership of what stands beside it.</summary>
    public bool IsRelation => this is { Kind: TokenKind.Sign, Text: "=" or "<" or ">" or "≤" or "≥" or "≠" or "∈" or "∉" or "≈" or "≡" };

    /// <summary>Whether it ends an item of a list.</summary>
    public bool IsSeparator => this is { Kind: TokenKind.Sign, Text: "," or ";" or "\\" or "&" };
}
