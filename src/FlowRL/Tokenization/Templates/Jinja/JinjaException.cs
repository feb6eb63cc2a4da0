namespace FlowRL.Tokenization.Templates.Jinja;

/// <summary>What went wrong, in the kinds that Python's Jinja2 tells apart.</summary>
internal enum JinjaErrorKind
{
    /// <summary>The source is no template; found before anything is rendered.</summary>
    Syntax,

    /// <summary>Something undefined was used for more than printing, iterating or asking.</summary>
    Undefined,

    /// <summary>An operation on values of the wrong type.</summary>
    Type,

    /// <summary>A value of the right type that does not do.</summary>
    Value,

    /// <summary>A division by zero.</summary>
    Zero,

    /// <summary>A number or a range that is too large for what it is used for.</summary>
    Overflow,

    /// <summary>Other errors of the template's own doing, such as a filter that does not exist.</summary>
    Runtime,

    /// <summary>What the sandbox does not allow.</summary>
    Security,

    /// <summary>The template itself refuses, by <c>raise_exception</c>.</summary>
    Raised,

    /// <summary>Calls or values that are nested too deeply.</summary>
    Recursion,

    /// <summary>More steps or memory than one rendering may take.</summary>
    Limit,
}

/// <summary>A line and a column of a template, both from 1.</summary>
internal readonly record struct Position(int Line, int Column)
{
    public override string ToString() => $"line {Line}, column {Column}";
}

/// <summary>An error in a template. What is thrown while rendering gets its position from the interpreter, which knows where it stands.</summary>
internal sealed class JinjaException(JinjaErrorKind kind, string words, Position? at = null) : Exception(words)
{
    public JinjaErrorKind Kind { get; } = kind;

    public Position? At { get; private set; } = at;

    public static JinjaException Type(string words) => new(JinjaErrorKind.Type, words);

    public static JinjaException Value(string words) => new(JinjaErrorKind.Value, words);

    public JinjaException Standing(Position at)
    {
        At ??= at;
        return this;
    }
}
