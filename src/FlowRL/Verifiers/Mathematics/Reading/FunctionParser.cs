using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>Reads what begins with a name: commands with arguments, functions with and without brackets, and names with their subscripts and primes.</summary>
internal sealed class FunctionParser(TokenReader tokens, ExpressionParser expressions)
{
    private const int MostCounting = 2;

    private int _counting;

    public Expression Function(string name)
    {
        switch (name)
        {
            case "frac":
                var top = expressions.Argument();
                return top.Over(expressions.Argument());
            case "binom":
                var n = expressions.Argument();
                return new Expression.Call("binom", [n, expressions.Argument()]);
            case "choose": // binomial(n, k), as programs write it
                return new Expression.Call("binom", Arguments() is { Count: 2 } both ? both : throw TokenReader.Unreadable("a binomial has two arguments"));
            case "sqrt":
                var degree = tokens.TakeIf(TokenKind.Open, "[") ? expressions.Closed(TokenKind.Close, "]") : Expression.Integer(2);
                return new Expression.Call("root", [expressions.Argument(), degree]);
            case "cbrt": return new Expression.Call("root", [expressions.Argument(), Expression.Integer(3)]);
            default: return Functions.TakeSeveral(name) ? new Expression.Call(name, Arguments()) : Applied(name);
        }
    }

    /// <summary>Arguments in brackets of any kind, separated by commas.</summary>
    private List<Expression> Arguments()
    {
        if (tokens.Peek() is not { Kind: TokenKind.Open, Text: "(" or "[" or "{" or "«" }) throw TokenReader.Unreadable("arguments are missing");
        var open = tokens.Take().Text;
        var arguments = new List<Expression> { expressions.Sum() };
        while (tokens.TakeSign(",") || tokens.TakeSign(";")) arguments.Add(expressions.Sum());
        tokens.Expect(TokenKind.Close, open switch { "(" => ")", "[" => "]", "{" => "}", _ => "»" });
        return arguments;
    }

    /// <summary>sin x, sin² x, sin^{-1} x, log_2 8.</summary>
    private Expression Applied(string name)
    {
        var radix = tokens.TakeSign("_") ? Radix() : null;
        Expression? power = null;
        if (tokens.TakeSign("^")) power = tokens.Peek().Kind == TokenKind.Sign ? expressions.SignedPower() : expressions.Argument();
        if (name is "sin" or "cos" or "tan" && power is Expression.Number { Value: { IsInteger: true } inverse } && inverse.Numerator == -1)
            (name, power) = ($"arc{name}", null);
        var argument = tokens.Peek() is { Kind: TokenKind.Open, Text: "(" or "{" or "[" } ? expressions.Primary() : Chain();
        if (Functions.TakesAngle(name)) argument = Degrees.InRadians(argument);
        Expression value = new Expression.Call(name, radix is null ? [argument] : [argument, radix]);
        return power is null ? value : new Expression.Power(value, power);
    }

    /// <summary>The base of a logarithm. In \log_28 only the first digit is it, if nothing else could be the argument.</summary>
    private Expression Radix()
    {
        if (tokens.Peek() is not { Kind: TokenKind.Number, Text: [var first, .. var rest] } || rest.Length == 0) return expressions.Argument();
        var start = tokens.At;
        tokens.Take();
        if (expressions.StartsFactor() || tokens.Peek() is { Kind: TokenKind.Number }) return Numerals.Decimal(first + rest);
        tokens.At = start;
        return new Expression.Number((Rational)(first - '0')); // the digits stay: Chain drops the first one
    }

    /// <summary>An argument without brackets goes on as long as factors follow: sin 2x is sin(2x), sin x cos x a product.</summary>
    private Expression Chain()
    {
        if (tokens.Peek(-1).IsSign("_") && tokens.Peek() is { Kind: TokenKind.Number, Text: [_, .. { Length: > 0 } rest] })
        {
            tokens.Take();
            return Numerals.Decimal(rest);
        }
        var factors = new List<Expression> { expressions.SignedPower() };
        while (expressions.StartsFactor() && tokens.Peek().Kind is not TokenKind.Function) factors.Add(expressions.Power());
        if (tokens.Peek() is { Kind: TokenKind.Function, Text: "frac" or "sqrt" }) factors.Add(expressions.Power());
        return ExpressionParser.Of(factors);
    }

    /// <summary>A name, or a number of combinations (C_5^2, C(5, 2)) or arrangements (A_5^2), where it has whole numbers.</summary>
    public Expression Named(string name)
    {
        if (name is "C" or "A" or "P" && Counted(name) is { } count) return count;
        return new Expression.Symbol(name + Subscript() + Primes());
    }

    private Expression.Call? Counted(string name)
    {
        var (start, depth) = (tokens.At, tokens.Depth);
        if (_counting == MostCounting) return null; // each try reads what is inside once more
        _counting++;
        try
        {
            var (from, chosen) = tokens.Peek() switch
            {
                { Kind: TokenKind.Open, Text: "(" } when Arguments() is [var n, var k] => (n, k),
                { Kind: TokenKind.Sign, Text: "_" } when After("_", "^") is var (n, k) => (n, k),
                { Kind: TokenKind.Sign, Text: "^" } when After("^", "_") is var (n, k) => (n, k),
                _ => ((Expression?)null, (Expression?)null),
            };
            var areNumbers = (from, chosen) is (Expression.Number { Value.IsInteger: true } a, Expression.Number { Value: { IsInteger: true, Sign: >= 0 } } b)
                && a.Value.Numerator >= b.Value.Numerator && a.Value.Numerator > 1;
            var areNames = name == "C" && from is not null && chosen is not null && !from.IsConstant && from is not Expression.Number;
            if (areNumbers || areNames) return new Expression.Call(name == "C" ? "binom" : "perm", [from!, chosen!]);
        }
        catch (UnreadableAnswerException)
        {
            // The name alone may be read.
        }
        finally
        {
            _counting--;
        }
        tokens.Back(start, depth);
        return null;
    }

    private (Expression From, Expression Chosen)? After(string first, string second)
    {
        tokens.TakeSign(first);
        var one = expressions.Argument();
        return tokens.TakeSign(second) ? (one, expressions.Argument()) : null;
    }

    private string Subscript()
    {
        if (!tokens.TakeSign("_")) return "";
        if (!tokens.TakeIf(TokenKind.Open, "{")) return $"_{tokens.Take().Text}";
        var text = "_";
        for (var depth = 1; ;)
        {
            var token = tokens.Take();
            if (token.Is(TokenKind.Open, "{")) depth++;
            if (token.Is(TokenKind.Close, "}") && --depth == 0) return text;
            text += token.Text;
        }
    }

    private string Primes()
    {
        var primes = "";
        while (tokens.TakeSign("'")) primes += "'";
        while (tokens.TakeSign("''")) primes += "''";
        return primes;
    }
}
