using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>
/// Reads expressions: sums of products of powers, with products that are not written, mixed numbers, and functions whose argument needs no
/// brackets. a/bc is (a/b)·c and 2^10 is 1024, as they are meant outside of typeset mathematics.
/// </summary>
internal sealed class ExpressionParser
{
    private const int MostParts = 300;

    private readonly TokenReader _tokens;
    private readonly FunctionParser _functions;
    private int _bars;

    public ExpressionParser(TokenReader tokens)
    {
        _tokens = tokens;
        _functions = new FunctionParser(tokens, this);
    }

    /// <summary>+1 reads ± as plus and ∓ as minus; −1 the other way round.</summary>
    public int PlusMinus { get; set; } = 1;

    /// <summary>Whether a ± has been read.</summary>
    public bool HasPlusMinus { get; set; }

    /// <summary>Whether "mod" begins the modulus of a congruence rather than a remainder.</summary>
    public bool ModIsModulus { get; set; }

    /// <summary>The currency that stood before a number, until it is asked for.</summary>
    public string? Currency { get; set; }

    public Expression Sum() => _tokens.Deeper(() =>
    {
        var terms = new List<Expression>();
        var sign = Sign() ?? 1;
        do
        {
            var term = Product();
            terms.Add(sign < 0 ? term.Negated() : term);
            if (terms.Count > MostParts) throw TokenReader.Unreadable("it is too long a sum");
            sign = Sign() ?? 0;
        }
        while (sign != 0);
        return terms is [var only] ? only : new Expression.Sum(terms);
    });

    /// <summary>What one of + − ± ∓ stands for; null where there is none.</summary>
    private int? Sign()
    {
        int? product = null;
        while (_tokens.Peek() is { Kind: TokenKind.Sign, Text: "+" or "-" or "±" or "∓" } && !IsBeforeMatrix(1))
        {
            var text = _tokens.Take().Text;
            HasPlusMinus |= text is "±" or "∓";
            product = (product ?? 1) * text switch { "+" => 1, "-" => -1, "±" => PlusMinus, _ => -PlusMinus };
        }
        return product;
    }

    private bool IsBeforeMatrix(int ahead) => _tokens.Peek(ahead).Kind == TokenKind.BeginMatrix || _tokens.Peek(ahead).Is(TokenKind.Open, "«");

    private Expression Product()
    {
        var factors = new List<Expression> { SignedPower() };
        while (true)
        {
            if (factors.Count > MostParts) throw TokenReader.Unreadable("it is too long a product");
            if (_tokens.Peek().IsSign("*") && !IsBeforeMatrix(1)) factors.Add(Next());
            else if (_tokens.TakeSign("/")) factors.Add(new Expression.Power(SignedPower(), Expression.Integer(-1)));
            else if (_tokens.Peek().IsSign("mod") && !ModIsModulus) factors = [Remainder(factors)];
            else if (StartsFactor()) factors.Add(Power());
            else return Of(factors);
        }
    }

    private Expression Next()
    {
        _tokens.Take();
        return SignedPower();
    }

    private Expression.Call Remainder(List<Expression> factors)
    {
        _tokens.Take();
        return new Expression.Call("mod", [Of(factors), SignedPower()]);
    }

    public static Expression Of(List<Expression> factors) => factors is [var only] ? only : new Expression.Product(factors);

    public Expression SignedPower()
    {
        if (Sign() is not { } sign) return Power();
        var power = Power();
        return sign < 0 ? power.Negated() : power;
    }

    /// <summary>Whether what follows is multiplied without a sign. A number is not, except after a bracket, a name or a factorial.</summary>
    public bool StartsFactor() => _tokens.Peek() switch
    {
        { Kind: TokenKind.Name } => !Notation.IsSet(_tokens.Peek()),
        { Kind: TokenKind.Function } => true,
        { Kind: TokenKind.Open, Text: "(" } => !IsAside(),
        { Kind: TokenKind.Open, Text: "{" or "⌊" or "⌈" or "[" or "|" } => !IsBeforeMatrix(1),
        { Kind: TokenKind.Letters, Text: var word } => Vocabulary.IsFactor(word, CanBeUnit(0)),
        { Kind: TokenKind.Number } => _tokens.Peek(-1) is { Kind: TokenKind.Close or TokenKind.Name } or { Kind: TokenKind.Sign, Text: "!" },
        { Kind: TokenKind.Sign, Text: "|" } => _bars == 0,
        _ => false,
    };

    /// <summary>Whether letters can be a unit where they stand: after a number or a bracket, and after a name if a space lies between.</summary>
    private bool CanBeUnit(int ahead) => _tokens.Peek(ahead - 1).Kind is TokenKind.Number or TokenKind.Close
        || (_tokens.Peek(ahead).SpaceBefore && (_tokens.Peek(ahead - 1).Kind == TokenKind.Name || _tokens.Peek(ahead - 1).IsWordy));

    /// <summary>Brackets that hold no factor but a condition, an approximation or a modulus: kπ (k ∈ ℤ), 1/3 (≈ 0.333), 2 (mod 5).</summary>
    public bool IsAside() => _tokens.Peek(1).IsSign("mod") || IsBeforeMatrix(1) || (_tokens.Peek(1).IsWordy && !Vocabulary.IsFactor(_tokens.Peek(1).Text))
        || _tokens.Inside(_tokens.At, token => token.IsRelation || token.IsSign(",")) >= 0;

    public Expression Power() => _tokens.Deeper(() =>
    {
        if (_tokens.Peek().Kind != TokenKind.Letters || !StartsFactor()) return Power(Primary());
        // Of the letters xy² only the last one is raised.
        var letters = _tokens.Take().Text;
        return new Expression.Product([.. Phrases.Product(letters[..^1]).Factors, Power(_functions.Named(letters[^1..]))]);
    });

    private Expression Power(Expression value)
    {
        value = Postfix(value);
        if (!_tokens.TakeSign("^")) return value;
        if (TakesDegree()) return Postfix(WithMinutes(value));
        if (TakesOrdinal()) return value;
        return Postfix(new Expression.Power(value, _tokens.Peek().Kind == TokenKind.Sign ? SignedPower() : Power()));
    }

    /// <summary>A degree sign raised: x^\circ, x^{\circ}, x^{o}.</summary>
    private bool TakesDegree()
    {
        if (_tokens.TakeSign("°") || _tokens.TakeIf(TokenKind.Name, "o")) return true;
        var braced = _tokens.Peek().Is(TokenKind.Open, "{") && _tokens.Peek(2).Is(TokenKind.Close, "}");
        if (!braced || !(_tokens.Peek(1).IsSign("°") || _tokens.Peek(1).Is(TokenKind.Name, "o"))) return false;
        _tokens.At += 3;
        return true;
    }

    /// <summary>The ending of a number that counts: 7^{th}.</summary>
    private bool TakesOrdinal()
    {
        var braced = _tokens.Peek().Is(TokenKind.Open, "{") ? 1 : 0;
        if (_tokens.Peek(braced) is not { IsWordy: true, Text: "th" or "st" or "nd" or "rd" }) return false;
        if (braced == 1 && !_tokens.Peek(2).Is(TokenKind.Close, "}")) return false;
        _tokens.At += 1 + 2 * braced;
        return true;
    }

    private Expression Postfix(Expression value)
    {
        while (true)
        {
            if (_tokens.Peek().IsSign("!") && _tokens.Peek(1) is { SpaceBefore: false } next && next.IsSign("!"))
            {
                _tokens.At += 2;
                value = new Expression.Call("!!", [value]);
            }
            else if (_tokens.TakeSign("!")) value = new Expression.Call("!", [value]);
            else if (_tokens.TakeSign("°")) value = WithMinutes(value);
            else if (value is Expression.Number && _tokens.Peek(-1).Is(TokenKind.Close, ")") && _tokens.TakeSign("_")) // (101)_2
                value = new Expression.Call("base", [value, Primary()]);
            else return value;
        }
    }

    /// <summary>An angle of so many degrees, perhaps with minutes and seconds: 35° 20' 15''.</summary>
    private Expression WithMinutes(Expression degrees)
    {
        var parts = new List<Expression> { degrees };
        foreach (var (mark, size) in (ReadOnlySpan<(string, int)>)[("'", 60), ("''", 3600)])
        {
            var isPair = mark == "''" && _tokens.Peek(1).IsSign("'") && _tokens.Peek(2).IsSign("'");
            if (_tokens.Peek().Kind != TokenKind.Number || !(_tokens.Peek(1).IsSign(mark) || isPair)) break;
            parts.Add(Numerals.Decimal(_tokens.Take().Text).Over(Expression.Integer(size)));
            _tokens.At += isPair ? 2 : 1;
        }
        return Degrees.Of(parts is [var only] ? only : new Expression.Sum(parts));
    }

    public Expression Primary()
    {
        var token = _tokens.Take();
        switch (token)
        {
            case { Kind: TokenKind.Number }: return Number(token.Text);
            case { Kind: TokenKind.Repeating }: return Numerals.Repeating(token.Text);
            case { Kind: TokenKind.Name }: return _functions.Named(token.Text);
            case { Kind: TokenKind.Function }: return _functions.Function(token.Text);
            case { Kind: TokenKind.Open }: return Bracketed(token.Text);
            case { Kind: TokenKind.Letters } when Vocabulary.IsFactor(token.Text, CanBeUnit(-1)): return Phrases.Product(token.Text);
            case { Kind: TokenKind.Words, Text: "dollar" or "euro" or "pound" or "yuan" or "rupee" }:
                Currency = token.Text;
                return Primary();
            case { Kind: TokenKind.Sign, Text: "|" }:
                _bars++;
                var inner = Sum();
                _tokens.Expect(TokenKind.Sign, "|");
                _bars--;
                return new Expression.Call("abs", [inner]);
            case { Kind: TokenKind.Unknown }: throw TokenReader.Unreadable($"'\\{token.Text}' is not computed");
            default: throw TokenReader.Unreadable($"'{token.Text}' is not part of an expression here");
        }
    }

    private Expression Number(string digits)
    {
        var value = Numerals.Decimal(digits);
        if (_tokens.TakeSign("_")) return new Expression.Call("base", [value, Primary()]);
        return value.Value.IsInteger && Fraction() is { } fraction ? new Expression.Sum([value, fraction]) : value;
    }

    /// <summary>The fraction of a mixed number, 1\frac{2}{3} or 1 2/3; null where none follows.</summary>
    private Expression.Number? Fraction()
    {
        var start = _tokens.At;
        if (_tokens.Peek() is { Kind: TokenKind.Number, SpaceBefore: true } && _tokens.Peek(1).IsSign("/") && _tokens.Peek(2).Kind == TokenKind.Number)
        {
            var (top, bottom) = (_tokens.Take().Text, _tokens.Peek(1).Text);
            _tokens.At += 2;
            return Numerals.Quotient(top, bottom);
        }
        if (_tokens.TakeIf(TokenKind.Function, "frac") && Digits() is { } numerator && Digits() is { } denominator)
            return Numerals.Quotient(numerator, denominator);
        _tokens.At = start;
        return null;
    }

    private string? Digits()
    {
        if (_tokens.Peek() is { Kind: TokenKind.Number, Text.Length: 1 }) return _tokens.Take().Text;
        if (_tokens.Peek(1).Kind == TokenKind.Number && _tokens.Peek().Is(TokenKind.Open, "{") && _tokens.Peek(2).Is(TokenKind.Close, "}"))
        {
            _tokens.At += 3;
            return _tokens.Peek(-2).Text;
        }
        return null;
    }

    /// <summary>An argument of a command: braces, or one token.</summary>
    public Expression Argument()
    {
        if (_tokens.TakeIf(TokenKind.Open, "{")) return Closed(TokenKind.Close, "}");
        return _tokens.Deeper(Primary);
    }

    private Expression Bracketed(string open) => open switch
    {
        "(" => Closed(TokenKind.Close, ")"),
        "[" => Closed(TokenKind.Close, "]"),
        "{" => Closed(TokenKind.Close, "}"),
        "⌊" => new Expression.Call("floor", [Closed(TokenKind.Close, "⌋")]),
        "⌈" => new Expression.Call("ceil", [Closed(TokenKind.Close, "⌉")]),
        "|" => new Expression.Call("abs", [Closed(TokenKind.Close, "|")]),
        _ => throw TokenReader.Unreadable("a set is not part of an expression"),
    };

    public Expression Closed(TokenKind kind, string close)
    {
        var bars = _bars;
        _bars = 0; // a bar inside of brackets opens anew
        var inner = Sum();
        if (_tokens.TakeSign("choose")) inner = new Expression.Call("binom", [inner, Sum()]); // {n \choose k}
        else if (_tokens.TakeSign("over")) inner = inner.Over(Sum());
        _tokens.Expect(kind, close);
        _bars = bars;
        return inner;
    }
}
