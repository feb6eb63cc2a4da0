namespace FlowRL.Tokenization.Templates.Jinja.Syntax;

/// <summary>A part of a template that writes or does something.</summary>
internal abstract record Statement(Position At);

/// <summary>Text of the template itself.</summary>
internal sealed record Literal(string Text, Position At) : Statement(At);

internal sealed record Print(Expression Value, Position At) : Statement(At);

internal sealed record If(IReadOnlyList<(Expression Test, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Else, Position At) : Statement(At);

internal sealed record For(
    Expression Target, Expression Items, Expression? Test, bool IsRecursive, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else, Position At)
    : Statement(At);

internal sealed record Set(Expression Target, Expression Value, Position At) : Statement(At);

/// <summary>A <c>set</c> of what its body writes, through a filter that takes it as <see cref="Scope.Captured"/>.</summary>
internal sealed record SetBlock(Expression Target, Expression? Filter, IReadOnlyList<Statement> Body, Position At) : Statement(At);

internal sealed record FilterBlock(Expression Filter, IReadOnlyList<Statement> Body, Position At) : Statement(At);

internal sealed record With(IReadOnlyList<(Expression Target, Expression Value)> Names, IReadOnlyList<Statement> Body, Position At) : Statement(At);

/// <summary>What an assistant's turn consists of, for training: <c>{% generation %}</c>.</summary>
internal sealed record Generation(IReadOnlyList<Statement> Body, Position At) : Statement(At);

/// <summary>A body in a scope of its own: a named block, which no other template can replace here.</summary>
internal sealed record Block(IReadOnlyList<Statement> Body, Position At) : Statement(At);

internal sealed record Macro(MacroDefinition Definition, Position At) : Statement(At);

/// <summary>A call whose macro can write the body as <c>caller()</c>.</summary>
internal sealed record CallBlock(Call Call, MacroDefinition Caller, Position At) : Statement(At);

internal sealed record Break(Position At) : Statement(At);

internal sealed record Continue(Position At) : Statement(At);

/// <summary>A macro as it is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">With a default where one is given; those behind have one too.</param>
/// <param name="Body">What it writes.</param>
/// <param name="Special">Which of <c>caller</c>, <c>varargs</c> and <c>kwargs</c> the body speaks of: it takes these beside its parameters.</param>
internal sealed record MacroDefinition(
    string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body, IReadOnlySet<string> Special);
