namespace FlowRL.Tokenization.Templates.Jinja.Syntax;

/// <summary>Tokens, read one by one.</summary>
internal sealed class TokenStream(IReadOnlyList<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    /// <summary>The one behind the current one.</summary>
    public Token Ahead => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public Token Next()
    {
        var token = Current;
        if (token.Kind != TokenKind.End) _at++;
        return token;
    }

    public bool SkipName(string name) => Skip(Current.IsName(name));

    public bool SkipOperator(string sign) => Skip(Current.IsOperator(sign));

    public Token Expect(TokenKind kind, string called) => Current.Kind == kind ? Next() : throw Expected(called);

    public Token ExpectName() => Expect(TokenKind.Name, "name");

    public void ExpectName(string name)
    {
        if (!SkipName(name)) throw Expected(name);
    }

    public void ExpectOperator(string sign)
    {
        if (!SkipOperator(sign)) throw Expected(sign);
    }

    public JinjaException Wrong(string words, Token? at = null) => new(JinjaErrorKind.Syntax, words, (at ?? Current).At);

    private bool Skip(bool isIt)
    {
        if (isIt) Next();
        return isIt;
    }

    private JinjaException Expected(string what) => Wrong(Current.Kind == TokenKind.End
        ? $"unexpected end of template, expected '{what}'." : $"expected token '{what}', got '{Current.Described}'");
}
