using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Syntax;

/// <summary>A part of a template that has a value.</summary>
internal abstract record Expression(Position At)
{
    /// <summary>Its kind, for what is said where something else is needed.</summary>
    public string Kind => GetType().Name.ToLowerInvariant();
}

internal sealed record Const(Value Value, Position At) : Expression(At);

internal sealed record Name(string Text, Position At) : Expression(At);

/// <summary>A field of a namespace as the target of a <c>set</c>.</summary>
internal sealed record NamespaceReference(string Space, string Field, Position At) : Expression(At);

/// <summary>Texts and values put together by <c>~</c>.</summary>
internal sealed record Concat(IReadOnlyList<Expression> Parts, Position At) : Expression(At);

internal sealed record ListDisplay(IReadOnlyList<Expression> Items, Position At) : Expression(At);

internal sealed record TupleDisplay(IReadOnlyList<Expression> Items, Position At) : Expression(At);

internal sealed record DictDisplay(IReadOnlyList<(Expression Key, Expression Value)> Entries, Position At) : Expression(At);

internal sealed record Sign(string Text, Expression Operand, Position At) : Expression(At);

internal sealed record Binary(string Sign, Expression Left, Expression Right, Position At) : Expression(At);

/// <summary>A chain of comparisons, each with the operand before it.</summary>
internal sealed record Compare(Expression First, IReadOnlyList<(string Sign, Expression Operand)> Rest, Position At) : Expression(At);

/// <summary><c>and</c> and <c>or</c>, which give the operand that decided.</summary>
internal sealed record Logical(bool IsAnd, Expression Left, Expression Right, Position At) : Expression(At);

internal sealed record Not(Expression Operand, Position At) : Expression(At);

internal sealed record Conditional(Expression Test, Expression Then, Expression? Else, Position At) : Expression(At);

internal sealed record AttributeOf(Expression Of, string Name, Position At) : Expression(At);

internal sealed record ItemOf(Expression Of, Expression Index, Position At) : Expression(At);

internal sealed record Slice(Expression? Start, Expression? Stop, Expression? Step, Position At) : Expression(At);

internal sealed record Call(Expression Callee, CallArguments Arguments, Position At) : Expression(At);

internal sealed record Filter(Expression Operand, string Name, CallArguments Arguments, Position At) : Expression(At);

internal sealed record Test(Expression Operand, string Name, CallArguments Arguments, Position At) : Expression(At);

/// <summary>What stands in a call's brackets.</summary>
internal sealed record CallArguments(
    IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named, Expression? Star, Expression? DoubleStar)
{
    public static CallArguments None { get; } = new([], [], null, null);
}
