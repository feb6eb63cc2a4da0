using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>
/// Answers as SymPy prints them: Matrix([[1, 2], [3, 4]]), FiniteSet(1, 2), Interval.open(0, 1), Union(...), Eq(x, 1), Rational(1, 2), EmptySet.
/// </summary>
internal static class ProgramForms
{
    /// <summary>What is read here; null where no such form begins.</summary>
    public static Answer? Read(TokenReader tokens, AnswerParser answers)
    {
        if (tokens.Peek() is not { Kind: TokenKind.Letters, Text: var name }) return null;
        if (name == "EmptySet")
        {
            tokens.Take();
            return new Answer.Sequence('{', '}', []);
        }
        var suffix = name == "Interval" && tokens.Peek(1).IsSign(".") ? tokens.Peek(2).Text : "";
        var open = tokens.At + (suffix == "" ? 1 : suffix is "Lopen" or "Ropen" or "open" ? 3 : 1);
        if (name is not ("Matrix" or "FiniteSet" or "Interval" or "Union" or "Eq" or "Rational" or "Tuple")) return null;
        if (!tokens[open].Is(TokenKind.Open, "(")) return null;
        tokens.At = open + 1;
        var arguments = Gathering.Items(answers.List(TokenKind.Close, ")"));
        tokens.Expect(TokenKind.Close, ")");
        return (name, arguments) switch
        {
            ("Matrix", [Answer.Sequence rows]) => Matrix(rows) ?? throw TokenReader.Unreadable("a matrix has no rows"),
            ("FiniteSet", _) => new Answer.Sequence('{', '}', arguments),
            ("Tuple", _) => new Answer.Sequence('(', ')', arguments),
            ("Interval", [var low, var high, ..]) => new Answer.Sequence(
                suffix is "open" or "Lopen" || IsInfinite(low) ? '(' : '[', suffix is "open" or "Ropen" || IsInfinite(high) ? ')' : ']', [low, high]),
            ("Union", [_, _, ..]) => new Answer.Union(arguments),
            ("Eq", [Answer.Value left, Answer.Value right]) => new Answer.Relation([left.Expression, right.Expression], ["="], right),
            ("Rational", [Answer.Value top, Answer.Value bottom]) => Answer.Value.Of(top.Expression.Over(bottom.Expression)),
            _ => throw TokenReader.Unreadable($"'{name}' has other arguments"),
        };
    }

    /// <summary>[[1, 2], [3, 4]] as a matrix; a list of values as a column. Null for others.</summary>
    public static Answer.Matrix? Matrix(Answer.Sequence rows)
    {
        if (rows is not { Open: '[', Close: ']', Items.Count: > 0 }) return null;
        if (rows.Items.All(row => row is Answer.Sequence { Open: '[', Close: ']' })) return new([.. rows.Items.Select(row => ((Answer.Sequence)row).Items)]);
        return rows.Items.All(row => row is Answer.Value) ? new([.. rows.Items.Select(row => (IReadOnlyList<Answer>)[row])]) : null;
    }

    private static bool IsInfinite(Answer answer) => answer is Answer.Value value && ExpressionMatcher.Infinite(value.Expression) is not null;
}
