using System.Globalization;
using System.Numerics;
using FlowRL.Verifiers.Mathematics.Reading;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Steps;

/// <summary>The tokens of one side of an equation, in which what earlier steps gave is replaced by their symbols. Bounded for any side.</summary>
/// <param name="tokens">The side's.</param>
/// <param name="stepOf">The step that gave a number; null where none did.</param>
/// <param name="meaningOf">What a name stands for, a number or a step's symbol; null where that is not known.</param>
internal sealed class StepOperands(IReadOnlyList<AnswerToken> tokens, Func<Rational, int?> stepOf, Func<string, AnswerToken?> meaningOf)
{
    private const int MostTokens = 120;
    private const int LongestNumber = 16;
    private const int LongestExponent = 3;
    private const char Mark = '§';

    private readonly List<AnswerToken> _replaced = [];
    private readonly List<int> _uses = [];
    private int _numbers;
    private int _operands;

    /// <summary>The tokens with symbols.</summary>
    public IReadOnlyList<AnswerToken> Tokens => _replaced;

    /// <summary>Each place that a step takes.</summary>
    public IReadOnlyList<int> Uses => _uses;

    /// <summary>Numbers that no step gave.</summary>
    public int Numbers => _numbers;

    /// <summary>The side in one notation.</summary>
    public string Written => string.Join(' ', tokens.Select(token => token.Kind == TokenKind.Number ? $"{Value(token)}" : token.Text));

    public bool IsPercent => _operands == 1 && tokens[^1].IsSign("%");

    public TermKind Kind => _operands == 1 ? TermKind.Number : IsFraction() ? TermKind.Fraction : TermKind.Calculation;

    public static string NameOf(int step) => string.Create(CultureInfo.InvariantCulture, $"{Mark}{step}");

    /// <summary>The step of a symbol; null for other names.</summary>
    public static int? StepOf(string name) => name[0] == Mark ? int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture) : null;

    /// <summary>Replaces what can be replaced; false where the side is too long, or has a name without a meaning.</summary>
    public bool Read()
    {
        if (tokens.Count > MostTokens || tokens.Any(token => token.Kind == TokenKind.Number && token.Text.Length > LongestNumber)) return false;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = At(i);
            var taken = token.Kind == TokenKind.Number ? TakenAsNumber(i) : IsNegative(i) && Took(-Value(At(i + 1))) ? 2 : TakenAsQuotient(i);
            if (taken > 0) i += taken - 1;
            else if (token.Kind != TokenKind.Name) _replaced.Add(token);
            else if (meaningOf(token.Text) is not { } meaning) return false;
            else if (meaning.Kind == TokenKind.Number) AddNumber(meaning);
            else Use(StepOf(meaning.Text)!.Value);
            if (token.IsSign("^") && !IsShortExponent(i + 1)) return false;
        }
        return true;
    }

    private AnswerToken At(int i) => i >= 0 && i < tokens.Count ? tokens[i] : new AnswerToken(TokenKind.Sign, "");

    private static Rational Value(AnswerToken number) => Rational.Parse(number.Text)!.Value;

    /// <summary>How many tokens a number here is, a percentage and a fraction that a step gave among them.</summary>
    private int TakenAsNumber(int i)
    {
        var value = Value(tokens[i]);
        if (At(i + 1).IsSign("%"))
        {
            if (Took(Rational.Of(value.Numerator, 100 * value.Denominator)!.Value)) return 2;
            if (!Took(value)) AddNumber(tokens[i]);
            _replaced.Add(new(TokenKind.Sign, "/"));
            _replaced.Add(new(TokenKind.Number, "100"));
            _numbers++;
            return 2;
        }
        var isWhole = !At(i - 1).IsSign("/") && !At(i - 1).IsSign("^") && !At(i + 3).IsSign("^") && !At(i + 3).IsSign("%");
        var isQuotient = isWhole && At(i + 1).IsSign("/") && At(i + 2).Kind == TokenKind.Number;
        if (isQuotient && Quotient(tokens[i], tokens[i + 2]) is { } quotient && Took(quotient)) return 3;
        if (!Took(value)) AddNumber(tokens[i]);
        return 1;
    }

    /// <summary>A typeset fraction, ((3)/(4)), that a step gave; 0 for others.</summary>
    private int TakenAsQuotient(int i)
    {
        const int length = 9;
        if (i + length > tokens.Count || !tokens[i].Is(TokenKind.Open, "(") || tokens[i + 2].Kind != TokenKind.Number || !tokens[i + 4].IsSign("/")) return 0;
        var isQuotient = tokens[i + 1].Kind == TokenKind.Open && tokens[i + 3].Kind == TokenKind.Close && tokens[i + 5].Kind == TokenKind.Open
            && tokens[i + 6].Kind == TokenKind.Number && tokens[i + 7].Kind == TokenKind.Close && tokens[i + 8].Kind == TokenKind.Close;
        return isQuotient && Quotient(tokens[i + 2], tokens[i + 6]) is { } quotient && Took(quotient) ? length : 0;
    }

    private bool IsNegative(int i) => tokens[i].IsSign("-") && At(i + 1).Kind == TokenKind.Number && !At(i + 2).IsSign("^") && !At(i + 2).IsSign("%")
        && At(i - 1) is { Kind: TokenKind.Open } or { Kind: TokenKind.Sign, Text: "" or "+" or "-" or "*" or "/" };

    /// <summary>A quotient in lowest terms that is not whole; null for others.</summary>
    private static Rational? Quotient(AnswerToken top, AnswerToken bottom) =>
        Value(top) is { IsInteger: true } a && Value(bottom) is { IsInteger: true } b && BigInteger.GreatestCommonDivisor(a.Numerator, b.Numerator).IsOne
        && !b.Numerator.IsOne ? Rational.Of(a.Numerator, b.Numerator) : null;

    private bool IsFraction() => tokens.Where(token => token.Kind is not (TokenKind.Open or TokenKind.Close)).SkipWhile(token => token.IsSign("-")).ToList()
        is [{ Kind: TokenKind.Number } top, { Kind: TokenKind.Sign, Text: "/" }, { Kind: TokenKind.Number } bottom] && Quotient(top, bottom) is not null;

    // Whole and short, so that powers take no time; a root is no step.
    private bool IsShortExponent(int i)
    {
        if (At(i).Kind == TokenKind.Open && At(i + 2).Kind == TokenKind.Close) i++;
        return At(i) is { Kind: TokenKind.Number, Text.Length: <= LongestExponent } number && Value(number).IsInteger;
    }

    private bool Took(Rational value)
    {
        if (stepOf(value) is not { } step) return false;
        Use(step);
        return true;
    }

    private void Use(int step)
    {
        _replaced.Add(new(TokenKind.Name, NameOf(step)));
        _uses.Add(step);
        _operands++;
    }

    private void AddNumber(AnswerToken token)
    {
        _replaced.Add(token);
        _numbers++;
        _operands++;
    }
}
