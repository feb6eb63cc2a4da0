namespace FlowRL.Tokenization.Templates.Jinja.Syntax;

/// <summary>What stands behind an operand: fields and items, calls, filters and tests.</summary>
internal sealed class PostfixParser(TokenStream tokens, UnknownNames unknown)
{
    public Expression ParseItemsAndCalls(ExpressionParser expressions, Expression operand)
    {
        while (true)
        {
            if (tokens.Current.IsOperator(".")) operand = ParseField(operand);
            else if (tokens.Current.IsOperator("[")) operand = ParseItem(expressions, operand);
            else if (tokens.Current.IsOperator("(")) operand = ParseCall(expressions, operand);
            else return operand;
        }
    }

    public Expression ParseFiltersAndTests(ExpressionParser expressions, Expression operand)
    {
        while (true)
        {
            if (tokens.Current.IsOperator("|")) operand = ParseFilters(expressions, operand, startsInline: false);
            else if (tokens.Current.IsName("is")) operand = ParseTest(expressions, operand);
            else if (tokens.Current.IsOperator("(")) operand = ParseCall(expressions, operand);
            else return operand;
        }
    }

    /// <param name="expressions">For their arguments.</param>
    /// <param name="operand">What is filtered.</param>
    /// <param name="startsInline">Whether the first name stands without a bar before it, as in the head of a filter block.</param>
    public Expression ParseFilters(ExpressionParser expressions, Expression operand, bool startsInline)
    {
        while (startsInline || tokens.SkipOperator("|"))
        {
            startsInline = false;
            var at = tokens.Current.At;
            var name = ParseDottedName();
            var arguments = tokens.Current.IsOperator("(") ? ParseArguments(expressions) : CallArguments.None;
            if (!Library.Filters.All.Has(name)) unknown.Add(new JinjaException(JinjaErrorKind.Syntax, $"No filter named '{name}'.", at));
            operand = new Filter(operand, name, arguments, at);
        }
        return operand;
    }

    private Expression ParseField(Expression of)
    {
        tokens.Next();
        var token = tokens.Next();
        return token.Kind switch
        {
            TokenKind.Name => new AttributeOf(of, token.Text, token.At),
            TokenKind.Integer => new ItemOf(of, new Const(token.Number!, token.At), token.At),
            _ => throw tokens.Wrong("expected name or number", token),
        };
    }

    private ItemOf ParseItem(ExpressionParser expressions, Expression of)
    {
        var at = tokens.Next().At;
        var indices = new List<Expression>();
        while (!tokens.Current.IsOperator("]"))
        {
            if (indices.Count > 0) tokens.ExpectOperator(",");
            indices.Add(ParseIndex(expressions));
        }
        tokens.Next();
        return new ItemOf(of, indices is [var only] ? only : new TupleDisplay(indices, at), at);
    }

    private Expression ParseIndex(ExpressionParser expressions)
    {
        var at = tokens.Current.At;
        var start = tokens.Current.IsOperator(":") ? null : expressions.Parse();
        if (start is not null && !tokens.Current.IsOperator(":")) return start;
        tokens.Next();
        Expression? Bound() => tokens.Current.IsOperator("]") || tokens.Current.IsOperator(",") || tokens.Current.IsOperator(":") ? null : expressions.Parse();
        var stop = Bound();
        return new Slice(start, stop, tokens.SkipOperator(":") ? Bound() : null, at);
    }

    private Call ParseCall(ExpressionParser expressions, Expression callee)
    {
        var at = tokens.Current.At;
        return new Call(callee, ParseArguments(expressions), at);
    }

    private CallArguments ParseArguments(ExpressionParser expressions)
    {
        var open = tokens.Next();
        var (positional, named) = (new List<Expression>(), new List<(string, Expression)>());
        Expression? star = null, doubleStar = null;
        void Ensure(bool isRight)
        {
            if (!isRight) throw tokens.Wrong("invalid syntax for function call expression", open);
        }
        for (var isFirst = true; !tokens.Current.IsOperator(")"); isFirst = false)
        {
            if (!isFirst) tokens.ExpectOperator(",");
            if (!isFirst && tokens.Current.IsOperator(")")) break;
            if (tokens.SkipOperator("*"))
            {
                Ensure(star is null && doubleStar is null);
                star = expressions.Parse();
            }
            else if (tokens.SkipOperator("**"))
            {
                Ensure(doubleStar is null);
                doubleStar = expressions.Parse();
            }
            else if (tokens.Current.Kind == TokenKind.Name && tokens.Ahead.IsOperator("="))
            {
                Ensure(doubleStar is null);
                var name = tokens.Next().Text;
                tokens.Next();
                named.Add((name, expressions.Parse()));
            }
            else
            {
                Ensure(star is null && doubleStar is null && named.Count == 0);
                positional.Add(expressions.Parse());
            }
        }
        tokens.ExpectOperator(")");
        return new CallArguments(positional, named, star, doubleStar);
    }

    private Expression ParseTest(ExpressionParser expressions, Expression operand)
    {
        tokens.Next();
        var isNegated = tokens.SkipName("not");
        var at = tokens.Current.At;
        var name = ParseDottedName();
        var arguments = CallArguments.None;
        if (tokens.Current.IsOperator("(")) arguments = ParseArguments(expressions);
        else if (StartsArgument(tokens.Current))
        {
            if (tokens.Current.IsName("is")) throw tokens.Wrong("You cannot chain multiple tests with is");
            arguments = arguments with { Positional = [ParseItemsAndCalls(expressions, expressions.ParsePrimary())] };
        }
        if (!Library.TestFunctions.All.Has(name)) unknown.Add(new JinjaException(JinjaErrorKind.Syntax, $"No test named '{name}'.", at));
        var test = new Test(operand, name, arguments, at);
        return isNegated ? new Not(test, at) : test;
    }

    /// <summary>Whether a test's argument stands there without brackets.</summary>
    private static bool StartsArgument(Token token) => token.Kind switch
    {
        TokenKind.Name => token.Text is not ("else" or "or" or "and"),
        TokenKind.Operator => token.Text is "[" or "{",
        _ => token.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float,
    };

    private string ParseDottedName()
    {
        var names = new List<string> { tokens.ExpectName().Text };
        while (tokens.SkipOperator("."))
            names.Add(tokens.ExpectName().Text);
        return string.Join('.', names);
    }
}
