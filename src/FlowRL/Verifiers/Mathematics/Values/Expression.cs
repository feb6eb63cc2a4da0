namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>A number or an expression in symbols, as written; nothing is simplified.</summary>
internal abstract record Expression
{
    private Expression() { }

    /// <summary>An exact number.</summary>
    public sealed record Number(Rational Value) : Expression;

    /// <summary>A name: a variable, or one of the constants π, e, i and ∞.</summary>
    public sealed record Symbol(string Name) : Expression;

    public sealed record Sum(IReadOnlyList<Expression> Terms) : Expression;

    public sealed record Product(IReadOnlyList<Expression> Factors) : Expression;

    public sealed record Power(Expression Base, Expression Exponent) : Expression;

    /// <summary>A function that <see cref="Functions"/> knows.</summary>
    public sealed record Call(string Function, IReadOnlyList<Expression> Arguments) : Expression;

    public static Expression Integer(int value) => new Number((Rational)value);

    public Expression Negated() => this is Number number && Rational.Multiply(number.Value, (Rational)(-1)) is { } negative
        ? new Number(negative) : new Product([Integer(-1), this]);

    public Expression Over(Expression divisor) => new Product([this, new Power(divisor, Integer(-1))]);

    public Expression Minus(Expression other) => new Sum([this, other.Negated()]);

    /// <summary>The operands, left to right.</summary>
    public IReadOnlyList<Expression> Parts => this switch
    {
        Sum sum => sum.Terms,
        Product product => product.Factors,
        Power power => [power.Base, power.Exponent],
        Call call => call.Arguments,
        _ => [],
    };

    /// <summary>Names that are neither π, e, i nor ∞.</summary>
    public IEnumerable<string> Variables() => this is Symbol symbol
        ? Constants.Contains(symbol.Name) ? [] : [symbol.Name]
        : Parts.SelectMany(part => part.Variables());

    public bool IsConstant => !Variables().Any();

    /// <summary>Whether this or a part of it, however deep, is so.</summary>
    public bool Has(Func<Expression, bool> isSo) => isSo(this) || Parts.Any(part => part.Has(isSo));

    /// <summary>The expression with those parts replaced for which <paramref name="other"/> is not null, outermost first.</summary>
    public Expression Replaced(Func<Expression, Expression?> other)
    {
        if (other(this) is { } replacement) return replacement;
        return this switch
        {
            Sum sum => new Sum([.. sum.Terms.Select(term => term.Replaced(other))]),
            Product product => new Product([.. product.Factors.Select(factor => factor.Replaced(other))]),
            Power power => new Power(power.Base.Replaced(other), power.Exponent.Replaced(other)),
            Call call => new Call(call.Function, [.. call.Arguments.Select(argument => argument.Replaced(other))]),
            _ => this,
        };
    }

    public static readonly IReadOnlySet<string> Constants = new HashSet<string> { Pi, Euler, Imaginary, Infinity };

    public const string Pi = "π";
    public const string Euler = "e";
    public const string Imaginary = "i";
    public const string Infinity = "∞";
}
