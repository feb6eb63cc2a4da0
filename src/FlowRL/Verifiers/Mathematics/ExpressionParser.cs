using System.Globalization;
using System.Numerics;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>
/// Reads expressions: sums of products of powers, with products that are not written, mixed numbers, and functions whose argument needs no
/// brackets. a/bc is (a/b)·c and 2^10 is 1024, as they are meant outside of typeset mathematics.
/// </summary>
internal sealed class ExpressionParser(TokenReader tokens)
{
    /// <summary>+1 reads ± as plus and ∓ as minus; −1 the other way round.</summary>
    public int PlusMinus { get; set; } = 1;

    /// <summary>Whether a ± has been read.</summary>
    public bool HasPlusMinus { get; set; }

    public Expression Sum() => tokens.Deeper(() =>
    {
        var terms = new List<Expression>();
        var sign = Sign() ?? 1;
        do
        {
            var term = Product();
            terms.Add(sign < 0 ? term.Negated() : term);
            sign = Sign() ?? 0;
        }
        while (sign != 0);
        return terms is [var only] ? only : new Expression.Sum(terms);
    });

    /// <summary>What one of + − ± ∓ stands for; null where there is none.</summary>
    private int? Sign()
    {
        int? product = null;
        while (tokens.Peek() is { Kind: TokenKind.Sign, Text: "+" or "-" or "±" or "∓" })
        {
            var text = tokens.Take().Text;
            HasPlusMinus |= text is "±" or "∓";
            product = (product ?? 1) * text switch { "+" => 1, "-" => -1, "±" => PlusMinus, _ => -PlusMinus };
        }
        return product;
    }

    private Expression Product()
    {
        var factors = new List<Expression> { SignedPower() };
        while (true)
        {
            if (tokens.TakeSign("*")) factors.Add(SignedPower());
            else if (tokens.TakeSign("/")) factors.Add(new Expression.Power(SignedPower(), Expression.Integer(-1)));
            else if (StartsFactor()) factors.Add(Power());
            else return Of(factors);
        }
    }

    private static Expression Of(List<Expression> factors) => factors is [var only] ? only : new Expression.Product(factors);

    private Expression SignedPower()
    {
        if (Sign() is not { } sign) return Power();
        var power = Power();
        return sign < 0 ? power.Negated() : power;
    }

    /// <summary>Whether what follows is multiplied without a sign. A number is not, except after a bracket or a name.</summary>
    private bool StartsFactor() => tokens.Peek() switch
    {
        { Kind: TokenKind.Name or TokenKind.Function } => true,
        { Kind: TokenKind.Open, Text: "(" or "{" or "⌊" or "⌈" or "[" } => true,
        { Kind: TokenKind.Letters, Text: var word } => IsNames(word),
        { Kind: TokenKind.Number } => tokens.Peek(-1).Kind is TokenKind.Close or TokenKind.Name,
        _ => false,
    };

    /// <summary>A few letters that are a product of names, xy, and no unit.</summary>
    private static bool IsNames(string word) =>
        word.Length <= 3 && !Notation.ShortUnits.Contains(word) && word.All(char.IsAsciiLetter) && word is not ("or" or "and");

    private Expression Power() => tokens.Deeper(() =>
    {
        var value = Postfix(Primary());
        if (!tokens.TakeSign("^")) return value;
        if (tokens.TakeSign("°")) return value; // x^\circ: degrees are a unit
        var braced = tokens.Peek().Is(TokenKind.Open, "{") && tokens.Peek(1).IsSign("°") && tokens.Peek(2).Is(TokenKind.Close, "}");
        if (braced)
        {
            tokens.At += 3;
            return value;
        }
        return Postfix(new Expression.Power(value, tokens.Peek().Kind == TokenKind.Sign ? SignedPower() : Power()));
    });

    private Expression Postfix(Expression value)
    {
        while (true)
        {
            if (tokens.TakeSign("!")) value = new Expression.Call("!", [value]);
            else if (!tokens.TakeSign("°")) return value;
        }
    }

    private Expression Primary()
    {
        var token = tokens.Take();
        switch (token)
        {
            case { Kind: TokenKind.Number }: return Number(token.Text);
            case { Kind: TokenKind.Repeating }: return Repeating(token.Text);
            case { Kind: TokenKind.Name }: return new Expression.Symbol(token.Text + Subscript() + Primes());
            case { Kind: TokenKind.Function }: return Function(token.Text);
            case { Kind: TokenKind.Open }: return Bracketed(token.Text);
            case { Kind: TokenKind.Letters } when IsNames(token.Text):
                return new Expression.Product([.. token.Text.Select(letter => new Expression.Symbol(letter.ToString()))]);
            case { Kind: TokenKind.Sign, Text: "|" }:
                var inner = Sum();
                tokens.Expect(TokenKind.Sign, "|");
                return new Expression.Call("abs", [inner]);
            default: throw TokenReader.Unreadable($"'{token.Text}' is not part of an expression here");
        }
    }

    private Expression Number(string digits)
    {
        var value = new Expression.Number(Rational.Parse(digits) ?? throw TokenReader.Unreadable("a number is too long"));
        if (tokens.TakeSign("_")) return new Expression.Call("base", [value, Primary()]);
        return value.Value.IsInteger && Fraction() is { } fraction ? new Expression.Sum([value, fraction]) : value;
    }

    /// <summary>The fraction of a mixed number, 1\frac{2}{3} or 1 2/3; null where none follows.</summary>
    private Expression.Number? Fraction()
    {
        var start = tokens.At;
        if (tokens.Peek() is { Kind: TokenKind.Number, SpaceBefore: true } && tokens.Peek(1).IsSign("/") && tokens.Peek(2).Kind == TokenKind.Number)
        {
            var (top, bottom) = (tokens.Take().Text, tokens.Peek(1).Text);
            tokens.At += 2;
            return Quotient(top, bottom);
        }
        if (tokens.TakeIf(TokenKind.Function, "frac") && Digits() is { } numerator && Digits() is { } denominator)
            return Quotient(numerator, denominator);
        tokens.At = start;
        return null;
    }

    private string? Digits()
    {
        if (tokens.Peek() is { Kind: TokenKind.Number, Text.Length: 1 }) return tokens.Take().Text;
        if (tokens.Peek(1).Kind == TokenKind.Number && tokens.Peek().Is(TokenKind.Open, "{") && tokens.Peek(2).Is(TokenKind.Close, "}"))
        {
            tokens.At += 3;
            return tokens.Peek(-2).Text;
        }
        return null;
    }

    private static Expression.Number? Quotient(string top, string bottom) =>
        Rational.Parse(top) is { IsInteger: true } a && Rational.Parse(bottom) is { IsInteger: true } b && Rational.Of(a.Numerator, b.Numerator) is { } value
            ? new Expression.Number(value) : throw TokenReader.Unreadable("the fraction of a mixed number is none");

    /// <summary>0.1(6): the period divided by nines.</summary>
    private static Expression.Number Repeating(string text)
    {
        var (start, period) = (text[..text.IndexOf('(', StringComparison.Ordinal)], text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..^1]);
        var places = start.Contains('.', StringComparison.Ordinal) ? start.Length - start.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        if (text.Length > 200) throw TokenReader.Unreadable("a number is too long");
        var whole = Rational.Parse(start.TrimEnd('.'))!.Value;
        var scale = BigInteger.Pow(10, places) * (BigInteger.Pow(10, period.Length) - 1);
        return Rational.Of(BigInteger.Parse(period, CultureInfo.InvariantCulture), scale) is { } part && Rational.Add(whole, part) is { } value
            ? new(value) : throw TokenReader.Unreadable("a number is too long");
    }

    private Expression Function(string name)
    {
        switch (name)
        {
            case "frac":
                var top = Argument();
                return top.Over(Argument());
            case "binom":
                var n = Argument();
                return new Expression.Call("binom", [n, Argument()]);
            case "sqrt":
                var degree = tokens.TakeIf(TokenKind.Open, "[") ? Closed(TokenKind.Close, "]") : Expression.Integer(2);
                return new Expression.Call("root", [Argument(), degree]);
            case "gcd":
                tokens.Expect(TokenKind.Open, "(");
                var first = Sum();
                tokens.Expect(TokenKind.Sign, ",");
                return new Expression.Call("gcd", [first, Closed(TokenKind.Close, ")")]);
            default: return Applied(name);
        }
    }

    /// <summary>sin x, sin² x, sin^{-1} x, log_2 8.</summary>
    private Expression Applied(string name)
    {
        var radix = tokens.TakeSign("_") ? Argument() : null;
        Expression? power = null;
        if (tokens.TakeSign("^")) power = tokens.Peek().Kind == TokenKind.Sign ? SignedPower() : Argument();
        if (name is "sin" or "cos" or "tan" && power is Expression.Number { Value: { IsInteger: true } inverse } && inverse.Numerator == -1)
            (name, power) = ($"arc{name}", null);
        var argument = tokens.Peek() is { Kind: TokenKind.Open, Text: "(" or "{" or "[" } ? Primary() : Chain();
        Expression value = new Expression.Call(name, radix is null ? [argument] : [argument, radix]);
        return power is null ? value : new Expression.Power(value, power);
    }

    /// <summary>An argument without brackets goes on as long as factors follow: sin 2x is sin(2x), sin x cos x a product.</summary>
    private Expression Chain()
    {
        var factors = new List<Expression> { SignedPower() };
        while (StartsFactor() && tokens.Peek().Kind is not TokenKind.Function) factors.Add(Power());
        if (tokens.Peek() is { Kind: TokenKind.Function, Text: "frac" or "sqrt" }) factors.Add(Power());
        return Of(factors);
    }

    /// <summary>An argument of a command: braces, or one token.</summary>
    private Expression Argument()
    {
        if (tokens.TakeIf(TokenKind.Open, "{")) return Closed(TokenKind.Close, "}");
        return tokens.Deeper(Primary);
    }

    private Expression Bracketed(string open) => open switch
    {
        "(" => Closed(TokenKind.Close, ")"),
        "[" => Closed(TokenKind.Close, "]"),
        "{" => Closed(TokenKind.Close, "}"),
        "⌊" => new Expression.Call("floor", [Closed(TokenKind.Close, "⌋")]),
        "⌈" => new Expression.Call("ceil", [Closed(TokenKind.Close, "⌉")]),
        _ => throw TokenReader.Unreadable("a set is not part of an expression"),
    };

    private Expression Closed(TokenKind kind, string close)
    {
        var inner = Sum();
        tokens.Expect(kind, close);
        return inner;
    }

    private string Subscript()
    {
        if (!tokens.TakeSign("_")) return "";
        if (!tokens.TakeIf(TokenKind.Open, "{")) return $"_{tokens.Take().Text}";
        var text = "_";
        while (!tokens.TakeIf(TokenKind.Close, "}")) text += tokens.Take().Text;
        return text;
    }

    private string Primes()
    {
        var primes = "";
        while (tokens.TakeSign("'")) primes += "'";
        return primes;
    }
}
