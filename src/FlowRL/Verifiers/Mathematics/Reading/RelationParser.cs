using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>Reads values, equations and inequalities, ratios, congruences, a number with its decimal, and what is given a name.</summary>
internal sealed class RelationParser(TokenReader tokens, ExpressionParser expressions, AnswerParser answers, MatrixParser matrices)
{
    private const int MostSigns = 40;
    private const string FunctionNames = "fghFGHPQRSTEVDNABpquvw";

    private readonly ValueParser _values = new(tokens, expressions);

    public Answer.Value Value() => _values.Read();

    public Answer Read()
    {
        if (Point() is { } point) return point;
        if (IsLabel()) tokens.At += 2;
        var first = NamedSide() ?? _values.Read();
        if (IsMatrixNext()) return After(Scaled(first));
        if (tokens.Peek().IsSign(":") || IsRatioInWords()) return After(Ratio(first));
        var (sides, signs) = (new List<Answer.Value> { first }, new List<string>());
        while (Sign() is { } sign)
        {
            signs.Add(sign);
            if (signs.Count == MostSigns) throw TokenReader.Unreadable("it is too long a chain");
            if (sign is "=" or "∈" or "∉" && answers.OfSeveralParts() is { } parts) return Named(sides, signs, Joined(parts));
            if (sign == "≡") return Congruence(sides);
            sides.Add(_values.Read());
            if (sign is "=" && IsMatrixNext()) return Named(sides[..^1], signs, Scaled(sides[^1]));
            if (sign is "=" && tokens.Peek().IsSign(":")) return Named(sides[..^1], signs, Ratio(sides[^1]));
        }
        if (TakesModulus() is { } modulus) return new Answer.Congruence(signs.Count == 0 ? null : sides[0].Expression, sides[^1].Expression, modulus);
        return Related(sides, signs);
    }

    /// <summary>What may follow a tuple, a ratio or a set: an equals sign, which makes it a name.</summary>
    public Answer After(Answer parts)
    {
        if (tokens.Peek() is not { Kind: TokenKind.Sign, Text: "=" or "∈" } || parts is not Answer.Sequence sequence) return parts;
        var isMember = tokens.Take().Text == "∈";
        var named = answers.OfSeveralParts() is { } several ? Joined(several) : Read();
        var names = sequence.Items.Select(item => item is Answer.Value value ? CanonicalForm.Of(value.Expression) : "").ToList();
        if (names.Contains("")) throw TokenReader.Unreadable("an equation of tuples without names");
        // (1, 2) = (x, y)
        if (named is Answer.Sequence values && !sequence.Items.Any(HasName) && values.Items.All(HasName)) return After(sequence, values);
        return new Answer.Assigned(names, named, isMember);
    }

    private static Answer.Assigned After(Answer.Sequence values, Answer.Sequence names) =>
        new([.. names.Items.Select(item => CanonicalForm.Of(((Answer.Value)item).Expression))], values, IsMember: false);

    private static bool HasName(Answer answer) => answer is Answer.Value value && !value.Expression.IsConstant;

    /// <summary>Sets joined go on after the first.</summary>
    private Answer Joined(Answer first)
    {
        while (tokens.Peek() is { Kind: TokenKind.Sign, Text: "∪" or "∩" or "∖" } sign)
        {
            tokens.Take();
            var next = answers.OfSeveralParts() ?? throw TokenReader.Unreadable("a set is missing");
            first = sign.Text == "∪"
                ? new Answer.Union([.. first is Answer.Union union ? union.Parts : [first], next]) : new Answer.SetOperation(sign.Text, first, next);
        }
        if (tokens.Peek().IsSign("-") && tokens.Peek(1).Is(TokenKind.Open, "«"))
        {
            tokens.Take();
            return new Answer.SetOperation("∖", first, answers.OfSeveralParts() ?? throw TokenReader.Unreadable("a set is missing"));
        }
        return first;
    }

    /// <summary>A matrix with a factor before it.</summary>
    private Answer.Matrix Scaled(Answer.Value factor) => matrices.Read() is Answer.Matrix matrix
        ? MatrixParser.Times(factor.Expression, matrix) : throw TokenReader.Unreadable("a factor stands before what is no matrix");

    private bool IsMatrixNext()
    {
        if (tokens.Peek().IsSign("*") && (tokens.Peek(1).Kind == TokenKind.BeginMatrix || tokens.Peek(2).Kind == TokenKind.BeginMatrix)) tokens.Take();
        var opens = tokens.Peek() is { Kind: TokenKind.Open, Text: "(" or "[" or "«" };
        return tokens.Peek(opens ? 1 : 0).Kind == TokenKind.BeginMatrix;
    }

    private string? Sign() => tokens.Peek() is { Kind: TokenKind.Sign, Text: "=" or "<" or ">" or "≤" or "≥" or "≠" or "∈" or "∉" or "≈" or "≡" }
        ? tokens.Take().Text : null;

    /// <summary>The name of a line or a curve before its equation: l: x + y = 1. In a:b = 1:2 the colon is a ratio's.</summary>
    private bool IsLabel()
    {
        if (tokens.Peek().Kind != TokenKind.Name || !tokens.Peek(1).IsSign(":")) return false;
        var equals = tokens.At + 2;
        while (tokens[equals].Text.Length > 0 && !tokens[equals].IsSign("=") && !tokens[equals].IsSign(":")) equals++;
        return tokens[equals].IsSign("=") && equals > tokens.At + 3;
    }

    /// <summary>A point with its coordinates: A(1, 2). C(5, 2) is rather a number of combinations.</summary>
    private Answer.Assigned? Point()
    {
        if (tokens.Peek() is not { Kind: TokenKind.Name, Text: [(>= 'A' and <= 'Z') and not 'C'] } || !tokens.Peek(1).Is(TokenKind.Open, "(")) return null;
        var close = tokens.Closing(tokens.At + 1);
        if (close < 0 || tokens.Inside(tokens.At + 1, token => token is { Kind: TokenKind.Sign, Text: "," or ";" }) < 0) return null;
        if (tokens[close + 1] is not ({ Text: "" } or { IsSeparator: true } or { IsWordy: true })) return null;
        var name = tokens.Take().Text;
        return answers.OfSeveralParts() is { } place ? new Answer.Assigned([name], place, IsMember: false) : null;
    }

    /// <summary>A left side that is a name as a whole: words, f(2), f(x, y), P(X > 1).</summary>
    private Answer.Value? NamedSide()
    {
        var end = tokens.At;
        if (tokens.Peek().IsWordy)
        {
            while (tokens[end].IsWordy) end++;
            if (tokens[end] is not { Kind: TokenKind.Sign, Text: "=" or ":" or "≈" }) return null;
            if (end == tokens.At + 1 && tokens.Peek() is { Kind: TokenKind.Letters, Text.Length: <= 3 }) return null; // AB = 5
            var name = string.Concat(tokens.Slice(tokens.At, end).Select(token => token.Text.ToLowerInvariant())).Replace(" ", "", StringComparison.Ordinal);
            tokens.At = end;
            if (tokens.Peek().IsSign(":")) tokens.Take();
            return tokens.Peek(-1).IsSign(":") ? _values.Read() : Answer.Value.Of(new Expression.Symbol(name));
        }
        if (tokens.Peek().Kind != TokenKind.Name) return null;
        var open = tokens.At + 1;
        while (tokens[open].IsSign("'") || tokens[open].IsSign("''")) open++;
        if (tokens[open].IsSign("^") && tokens[open + 2].IsSign("-") && tokens[open + 4].Is(TokenKind.Close, "}")) open += 5; // f^{-1}
        if (!tokens[open].Is(TokenKind.Open, "(") || !IsFunction(tokens.Peek().Text)) return null;
        var close = tokens.Closing(open);
        if (close < 0 || tokens[close + 1] is not { Kind: TokenKind.Sign, Text: "=" or "≈" or "<" or ">" or "≤" or "≥" or "≠" }) return null;
        var text = string.Concat(tokens.Slice(tokens.At, close + 1).Select(token => token.Text));
        tokens.At = close + 1;
        return Answer.Value.Of(new Expression.Symbol(text));
    }

    /// <summary>Names that are rather a function's than a factor's.</summary>
    private static bool IsFunction(string name) => name is "phi" or "psi"
        || (name.Length == 1 && FunctionNames.Contains(name[0], StringComparison.Ordinal));

    /// <summary>3 to 4.</summary>
    private bool IsRatioInWords() =>
        tokens.Peek() is { IsWordy: true, Text: "to" } && tokens.Peek(-1).Kind == TokenKind.Number && tokens.Peek(1).Kind == TokenKind.Number;

    private Answer.Sequence Ratio(Answer.Value first)
    {
        var parts = new List<Answer> { first };
        while (tokens.TakeSign(":") || (IsRatioInWords() && tokens.Take().IsWordy)) parts.Add(_values.Read());
        return new Answer.Sequence(Answer.Sequence.Ratio, Answer.Sequence.Ratio, parts);
    }

    private static Answer.Assigned Named(List<Answer.Value> sides, List<string> signs, Answer named)
    {
        var isMember = signs[^1] is "∈" or "∉";
        if (signs[^1] == "∉") named = new Answer.SetOperation("∖", new Answer.NamedSet(Answer.NamedSet.Reals), named);
        return new([CanonicalForm.Of(sides[^1].Expression)], named, isMember);
    }

    private Answer.Congruence Congruence(List<Answer.Value> sides)
    {
        expressions.ModIsModulus = true;
        var right = expressions.Sum();
        expressions.ModIsModulus = false;
        return new Answer.Congruence(sides[^1].Expression, right, TakesModulus() ?? throw TokenReader.Unreadable("a congruence has no modulus"));
    }

    /// <summary>\pmod{5}, (mod 5), mod 5.</summary>
    private Expression? TakesModulus()
    {
        if (tokens.TakeSign("pmod")) return expressions.Argument();
        if (tokens.Peek().Is(TokenKind.Open, "(") && tokens.Peek(1).IsSign("mod"))
        {
            tokens.At += 2;
            return expressions.Closed(TokenKind.Close, ")");
        }
        return tokens.TakeSign("mod") ? expressions.Sum() : null;
    }

    private Answer Related(List<Answer.Value> sides, List<string> signs)
    {
        if (tokens.Peek().Is(TokenKind.Open, "(") && tokens.Inside(tokens.At, token => token.IsSign("≈")) == tokens.At + 1)
        {
            tokens.At += 2; // 1/3 (≈ 0.333)
            signs.Add("≈");
            sides.Add(_values.Read());
            tokens.Expect(TokenKind.Close, ")");
        }
        var about = signs.IndexOf("≈");
        if (about < 0) return Relation(sides, signs);
        var decimals = sides[^1];
        // x ≈ 0.333 says no more than x = 0.333.
        if (!sides[about].Expression.IsConstant) return Relation(sides, [.. signs.Select(sign => sign == "≈" ? "=" : sign)]);
        if (!Rounding.IsOf(sides[about].Expression, decimals.Expression)) throw TokenReader.Unreadable("a number and its approximation differ");
        var exact = sides[about] with { Unit = decimals.Unit, IsPercent = decimals.IsPercent };
        var (before, between) = (sides[..about], signs[..about]);
        return new Answer.Rounded(Relation([.. before, exact], between), Relation([.. before, decimals], between));
    }

    private static Answer Relation(List<Answer.Value> sides, List<string> signs) => signs.Count == 0 ? sides[0]
        : new Answer.Relation([.. sides.Select(side => side.Expression)], signs, sides[^1]);
}
