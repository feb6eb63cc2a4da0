using System.Text;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>Reads a value: an expression with what follows it, a percent sign, number words, and the words and powers of its unit.</summary>
internal sealed class ValueParser(TokenReader tokens, ExpressionParser expressions)
{
    private static readonly Expression Thousandth = new Expression.Number(Rational.Of(1, 1000)!.Value);

    public Answer.Value Read() => WithUnit(expressions.Sum());

    /// <exception cref="UnreadableAnswerException">The words after the number are no unit.</exception>
    public Answer.Value WithUnit(Expression expression)
    {
        var pieces = new List<string>();
        if (expressions.Currency is { } currency) pieces.Add(currency);
        expressions.Currency = null;
        var isPercent = tokens.TakeSign("%");
        if (tokens.TakeSign("‰")) expression = new Expression.Product([expression, Thousandth]);
        while (IsUnit())
        {
            var bracketed = tokens.TakeIf(TokenKind.Open, "(");
            var unit = tokens.Take();
            foreach (var word in WordsOf(unit.Text)) expression = Taken(word, expression, pieces);
            var isPlainPower = unit.Kind == TokenKind.Letters && tokens.Peek() is { Kind: TokenKind.Number, SpaceBefore: false }; // cm2
            if (tokens.Peek().IsSign("^") || isPlainPower) pieces.Add(Exponent());
            if (tokens.Peek().IsSign("/") && (tokens.Peek(1).IsWordy || IsLetter(tokens.Peek(1)))) ReadDivisor(pieces);
            if (bracketed && !tokens.Peek().IsWordy) tokens.Expect(TokenKind.Close, ")");
        }
        tokens.TakeSign(".");
        var name = Units.Canonical(pieces);
        // 6 feet 2 inches
        if (name.Length > 0 && tokens.Peek().Kind == TokenKind.Number)
        {
            var rest = Read();
            var ratio = Units.Ratio(rest.Unit, name) ?? throw TokenReader.Unreadable("a number follows what is no unit");
            expression = new Expression.Sum([expression, new Expression.Product([rest.Expression, ratio])]);
        }
        return new Answer.Value(expression, name, isPercent);
    }

    private void ReadDivisor(List<string> pieces)
    {
        tokens.Take();
        pieces.Add("/");
        pieces.AddRange(WordsOf(tokens.Take().Text));
        if (tokens.Peek().IsSign("^")) pieces.Add(Exponent());
    }

    private static bool IsLetter(AnswerToken token) => token is { Kind: TokenKind.Name, Text: "s" or "h" or "m" };

    /// <summary>Words that are no connection and do not begin a condition; also in brackets.</summary>
    private bool IsUnit()
    {
        var token = tokens.Peek();
        if (token.Is(TokenKind.Open, "("))
            return tokens.Peek(1).IsWordy && tokens.Peek(2).Is(TokenKind.Close, ")") && !Connections.IsConnection(tokens.Peek(1));
        if (token.IsWordy && token.Text == "to" && tokens.Peek(1).Kind == TokenKind.Number) return false; // a ratio
        return token.IsWordy && !Connections.IsConnection(token) && !Connections.BeginCondition(tokens);
    }

    private static Expression Taken(string word, Expression expression, List<string> pieces)
    {
        var lower = word.ToLowerInvariant();
        if (pieces.Count == 0 || expression is not Expression.Number || pieces is ["dollar" or "euro" or "pound" or "yuan" or "rupee"])
        {
            if (Vocabulary.MultipliesBy(lower, out var factor) && Rational.Of(factor.Top, factor.Bottom) is { } times)
                return new Expression.Product([expression, new Expression.Number(times)]);
        }
        var isMeasure = lower is "squared" or "cubed" && pieces.Count > 0;
        if (Vocabulary.IsNoUnit(lower) && !isMeasure) throw TokenReader.Unreadable($"'{word}' after a number is no unit");
        pieces.Add(word);
        return expression;
    }

    /// <summary>The words of a text; multipliers of Chinese numbers are words of their own.</summary>
    private static IEnumerable<string> WordsOf(string text)
    {
        var word = new StringBuilder();
        foreach (var character in text)
        {
            if (char.IsLetter(character) && !(word.Length > 0 && IsChinese(character) != IsChinese(word[0])))
            {
                if (word.Length > 0 && IsChinese(character) && Vocabulary.MultipliesBy(word.ToString(), out _)
                    && !Vocabulary.MultipliesBy(word.ToString() + character, out _))
                {
                    yield return word.ToString();
                    word.Clear();
                }
                word.Append(character);
                continue;
            }
            if (word.Length > 0) yield return word.ToString();
            word.Clear();
            if (char.IsLetter(character)) word.Append(character);
            else if (character == '/' || char.IsAsciiDigit(character)) yield return character.ToString();
        }
        if (word.Length > 0) yield return word.ToString();
    }

    private static bool IsChinese(char character) => character is >= '\u4E00' and <= '\u9FFF';

    private string Exponent()
    {
        tokens.TakeSign("^");
        var braced = tokens.TakeIf(TokenKind.Open, "{");
        var sign = braced && tokens.TakeSign("-") ? "-" : "";
        var exponent = tokens.Take().Text;
        if (braced) tokens.Expect(TokenKind.Close, "}");
        return sign + exponent;
    }
}

/// <summary>Words that join answers, or tell their conditions.</summary>
internal static class Connections
{
    public static Joiner? JoinerOf(AnswerToken token)
    {
        if (!token.IsWordy) return null;
        return token.Text.Trim(',', ' ', ';').ToLowerInvariant() switch
        {
            "or" or "or else" or "and/or" => Joiner.Or,
            "and" or "and also" or "and then" or "as well as" or "along with" or "both" => Joiner.And,
            _ => null,
        };
    }

    public static bool IsConnection(AnswerToken token) => JoinerOf(token) is not null;

    /// <summary>Whether a word here begins a condition, such as "where k", rather than going on with a unit.</summary>
    public static bool BeginCondition(TokenReader tokens)
    {
        if (!tokens.Peek().IsWordy || !Vocabulary.IsConditional(tokens.Peek().Text.ToLowerInvariant())) return false;
        var next = tokens.Peek(1);
        return next.Kind is TokenKind.Name or TokenKind.Number or TokenKind.Open || IsWhole(next)
            || (next.IsWordy && (tokens.Peek(2).Kind == TokenKind.Name || IsWhole(tokens.Peek(2))));
    }

    /// <summary>"integer", "any integers", "is an integer", "为整数".</summary>
    public static bool IsWhole(AnswerToken token) => token.IsWordy && string.Concat(token.Text.ToLowerInvariant().Where(char.IsLetter)) is
        "integer" or "integers" or "anyinteger" or "allintegers" or "allinteger" or "someinteger" or "everyinteger" or "isaninteger" or "isanyinteger"
        or "areintegers" or "aninteger" or "isinteger" or "为整数" or "是整数" or "整数";
}
