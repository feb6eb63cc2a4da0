namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>Reads tuples, intervals, sets, sets by a condition, and sets with a name.</summary>
internal sealed class BracketParser(TokenReader tokens, AnswerParser answers, int nesting)
{
    /// <summary>Brackets that hold a list; null where they hold an expression, or none open here.</summary>
    public Answer? Read()
    {
        if (tokens.Peek() is not { Kind: TokenKind.Open, Text: "(" or "[" or "«" or "{" } open) return null;
        var close = tokens.Closing(tokens.At);
        if (close < 0) return null;
        var hasComma = tokens.Inside(tokens.At, token => token is { Kind: TokenKind.Sign, Text: "," or ";" }) >= 0;
        if (open.Text is "«" or "{" && Builder(open.Text, close) is { } builder) return builder;
        if (open.Text is "{" or "(" && !hasComma) return Group(open.Text, close);
        if (open.Text == "[" && !hasComma || !EndsItem(tokens[close + 1])) return null;
        tokens.Take();
        return tokens.Deeper<Answer>(() =>
        {
            var closing = tokens[close];
            var items = tokens.At == close ? [] : Gathering.Items(answers.List(closing.Kind, closing.Text));
            if (tokens.At != close) throw TokenReader.Unreadable($"'{tokens.Peek().Text}' is not understood inside brackets");
            tokens.At++;
            var isSet = open.Text is "«" or "{";
            return new Answer.Sequence(isSet ? '{' : open.Text[0], isSet ? '}' : closing.Text[0], items);
        });
    }

    private static bool EndsItem(AnswerToken token) => token.IsSeparator
        || token is { Kind: TokenKind.Sign, Text: "∪" or "∩" or "∖" or "." or "=" or "∈" or "-" or "" }
        or { Kind: TokenKind.Close or TokenKind.Words or TokenKind.Letters or TokenKind.EndMatrix } or { Kind: TokenKind.Open, Text: "(" };

    /// <summary>An answer of several parts in braces or brackets that only hold it together; null where they hold an expression.</summary>
    private Answer? Group(string open, int close)
    {
        if (tokens[close].Text != (open == "{" ? "}" : ")") || !EndsItem(tokens[close + 1]) || tokens[close + 1].Text is "-" or "=") return null;
        var holdsSet = tokens.Inside(tokens.At, token => token.IsRelation || token is { Kind: TokenKind.Sign, Text: "∪" or "∩" or "∖" or ":" }) >= 0
            || (tokens.Peek(1) is { Kind: TokenKind.Open, Text: "«" or "(" or "[" or "{" } && tokens.Closing(tokens.At + 1) == close - 1)
            || tokens.Peek(1).IsWordy || Notation.IsSet(tokens.Peek(1));
        if (!holdsSet) return null;
        var inner = AnswerParser.Parse(tokens.Slice(tokens.At + 1, close), nesting + 1);
        tokens.At = close + 1;
        return inner;
    }

    /// <summary>{element | conditions} or {element : conditions}; null where the braces list their elements.</summary>
    private Answer.Builder? Builder(string open, int close)
    {
        var bar = tokens.Inside(tokens.At, token => token is { Kind: TokenKind.Sign, Text: "|" or ":" } || (token.IsWordy && token.Text.Trim() is "such that"));
        var comma = tokens.Inside(tokens.At, token => token.IsSign(","));
        if (bar <= tokens.At + 1 || bar == close - 1 || (comma >= 0 && comma < bar)) return null;
        if (open == "{" && !tokens.Slice(bar, close).Any(token => token.IsRelation)) return null;
        var element = AnswerParser.Parse(tokens.Slice(tokens.At + 1, bar), nesting + 1);
        var conditions = AnswerParser.Parse(tokens.Slice(bar + 1, close), nesting + 1);
        tokens.At = close + 1;
        return new Answer.Builder(element, conditions);
    }

    /// <summary>ℝ, ℝ^+, ℤ_{>0}, ℕ^*.</summary>
    public Answer.NamedSet NamedSet()
    {
        var name = tokens.Take().Text;
        if (tokens.Peek() is not { Kind: TokenKind.Sign, Text: "^" or "_" }) return new(name);
        tokens.Take();
        var mark = "";
        if (tokens.TakeIf(TokenKind.Open, "{"))
        {
            while (!tokens.TakeIf(TokenKind.Close, "}")) mark += tokens.Take().Text;
        }
        else mark = tokens.Take().Text;
        return new(name + mark switch { "+" or ">0" => "+", "-" or "<0" => "-", "*" when name == "ℕ" => "+", "≥0" or "+*" => mark, _ => mark });
    }
}
