using static FlowRL.Tasks.Countdown.CountdownExpression;

namespace FlowRL.Tasks.Countdown;

/// <summary>
/// Reads expressions and the values of steps out of untrusted text by recursive descent. Text that is too long or nested too deeply is
/// refused, not followed, so no input can throw, overflow the stack, or take long.
/// <code>
/// expression = term   { ("+" | "-") term }      number = digit { digit }, no leading zero
/// term       = factor { ("*" | "/") factor }    value  = ["-"] number | "(" ["-"] number "/" number ")"
/// factor     = number | "(" expression ")"      step   = value ("+" | "-" | "*" | "/") value "=" value
/// </code>
/// </summary>
internal ref struct ExpressionReader
{
    /// <summary>Longer texts are no expressions; that of four numbers has at most 40 characters or so.</summary>
    public const int MaxLength = 256;

    private const int MaxDepth = 16;
    private const int MaxDigits = 15;
    private readonly ReadOnlySpan<char> _text;
    private int _position;

    private ExpressionReader(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The expression that is the whole of <paramref name="text"/>; null where it is none.</summary>
    public static CountdownExpression? Read(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength) return null;
        var reader = new ExpressionReader(text);
        return reader.Sum(depth: 0) is { } expression && reader.AtEnd ? expression : null;
    }

    /// <summary>The step that is the whole of <paramref name="text"/>; null where it is none. It need not be true.</summary>
    public static Step? ReadStep(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength) return null;
        var reader = new ExpressionReader(text);
        if (reader.Value() is not { } left || reader.Take("+-*/") is not { } symbol || reader.Value() is not { } right) return null;
        if (reader.Take("=") is null || reader.Value() is not { } result || !reader.AtEnd) return null;
        return new Step(symbol, left, right, result);
    }

    private readonly bool AtEnd => _position == _text.Length;

    private CountdownExpression? Sum(int depth)
    {
        var left = Product(depth);
        while (left is not null && Take("+-") is { } symbol)
            left = Product(depth) is { } right ? new Operation(symbol, left, right) : null;
        return left;
    }

    private CountdownExpression? Product(int depth)
    {
        var left = Factor(depth);
        while (left is not null && Take("*/") is { } symbol)
            left = Factor(depth) is { } right ? new Operation(symbol, left, right) : null;
        return left;
    }

    private CountdownExpression? Factor(int depth)
    {
        if (Take("(") is null) return Integer() is { } value and <= int.MaxValue ? new Number((int)value) : null;
        if (depth == MaxDepth) return null;
        return Sum(depth + 1) is { } inner && Take(")") is not null ? inner : null;
    }

    private Rational64? Value()
    {
        var isFraction = Take("(") is not null;
        var start = _position;
        var sign = Take("-") is null ? 1 : -1;
        if (Integer() is not { } numerator) return null;
        if (!isFraction) return numerator == 0 && sign < 0 ? null : new Rational64(sign * numerator);
        if (Take("/") is null || Integer() is not { } denominator) return null;
        var written = _text[start.._position];
        if (Take(")") is null || Rational64.Apply('/', new(sign * numerator), new(denominator)) is not { } value) return null;
        // Lowest terms, and no fraction that is an integer.
        return !value.IsInteger && value.Notation.AsSpan(1..^1).SequenceEqual(written) ? value : null;
    }

    private long? Integer()
    {
        var start = _position;
        var value = 0L;
        while (!AtEnd && char.IsAsciiDigit(_text[_position]) && _position - start < MaxDigits)
            value = value * 10 + (_text[_position++] - '0');
        var hasLeadingZero = _position - start > 1 && _text[start] == '0';
        return _position == start || hasLeadingZero ? null : value;
    }

    private char? Take(string anyOf) => !AtEnd && anyOf.Contains(_text[_position]) ? _text[_position++] : null;
}
