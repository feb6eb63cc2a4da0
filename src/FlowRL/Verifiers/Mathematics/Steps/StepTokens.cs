using System.Globalization;
using FlowRL.Verifiers.Mathematics.Reading;

namespace FlowRL.Verifiers.Mathematics.Steps;

/// <summary>
/// The lines of a text as tokens in which brackets are round, fractions are divisions, names are one token each, and marks that only set type are left out.
/// Linear in the text, whatever it holds.
/// </summary>
internal sealed class StepTokens
{
    private const int LongestLine = 1000;

    private static readonly AnswerToken Close = new(TokenKind.Close, ")");
    private static readonly AnswerToken Over = new(TokenKind.Sign, "/");

    private readonly IReadOnlyList<AnswerToken> _tokens;
    private readonly List<AnswerToken> _plain = [];
    private readonly Stack<(int Depth, bool IsTop)> _fractions = new(); // whose argument in brackets is being read
    private int _at;
    private int _depth;
    private bool _isAfterMark;

    private StepTokens(IReadOnlyList<AnswerToken> tokens) => _tokens = tokens;

    /// <summary>Lines, or parts of long ones; what ends a sentence has a full stop as its last token.</summary>
    public static IEnumerable<IReadOnlyList<AnswerToken>> Lines(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            foreach (var (piece, isSentence) in Pieces(line))
            {
                var tokens = new StepTokens(new AnswerLexer(piece, new Ambiguities(Thousands: true)).Read()).Plain();
                if (isSentence) tokens.Add(new(TokenKind.Sign, "."));
                yield return tokens;
            }
        }
    }

    /// <summary>A line in sentences, without their full stops, and in pieces that are short enough, cut between words where there are any.</summary>
    private static IEnumerable<(string Piece, bool IsSentence)> Pieces(string line)
    {
        for (var start = 0; start < line.Length;)
        {
            var end = Math.Min(line.Length, start + LongestLine);
            var stop = line.AsSpan(start, end - start).IndexOf(". ");
            if (stop >= 0) end = start + stop;
            else if (end < line.Length && line.LastIndexOf(' ', end - 1, LongestLine) is var space && space > start) end = space;
            yield return (line[start..end], stop >= 0);
            start = stop >= 0 ? end + 1 : end;
        }
    }

    private List<AnswerToken> Plain()
    {
        for (; _at < _tokens.Count; _at++)
        {
            var token = _tokens[_at] with { SpaceBefore = _tokens[_at].SpaceBefore || _isAfterMark };
            _isAfterMark = false;
            Take(token, At(_at + 1));
        }
        return _plain;
    }

    private void Take(AnswerToken token, AnswerToken next)
    {
        switch (token)
        {
            case { Kind: TokenKind.Number, SpaceBefore: true }
                when next.IsSign("/") && At(_at + 2) is { Kind: TokenKind.Number } under && IsMixed(token, under):
                _at += 2;
                break;
            case { Kind: TokenKind.Function, Text: "frac" }
                when Digits(_at + 1) is var (top, place) && Digits(place) is var (bottom, end) && IsMixed(top, bottom):
                _at = end - 1;
                break;
            case { Kind: TokenKind.Function, Text: "frac" }:
                Add(Open(token));
                Argument(isTop: true);
                break;
            case { Kind: TokenKind.Open }:
                _depth++;
                Add(Open(token));
                break;
            case { Kind: TokenKind.Close }:
                _depth--;
                Add(Close);
                if (_fractions.TryPeek(out var fraction) && fraction.Depth == _depth) EndArgument(_fractions.Pop().IsTop);
                break;
            case { Kind: TokenKind.BeginMatrix or TokenKind.EndMatrix }:
            case { Kind: TokenKind.Sign, Text: "&" or "'" or "''" or "`" or "\"" or "°" }:
            case { Kind: TokenKind.Sign, Text: "^" } when token.SpaceBefore != next.SpaceBefore || _at == 0 || _at + 1 == _tokens.Count: // bold type
                _isAfterMark = true;
                break;
            default:
                if (!JoinsName(token)) Add(token);
                break;
        }
    }

    private AnswerToken At(int place) => place < _tokens.Count ? _tokens[place] : new(TokenKind.Sign, "");

    private void Add(params ReadOnlySpan<AnswerToken> tokens) => _plain.AddRange(tokens);

    /// <summary>Begins an argument of a fraction, a bracket or one number; with anything else the fraction stays open, and is not read.</summary>
    private void Argument(bool isTop)
    {
        var first = At(_at + 1);
        if (first.Kind == TokenKind.Open) _fractions.Push((_depth, isTop));
        else if (first.Kind == TokenKind.Number)
        {
            Add(Open(first), first, Close);
            _at++;
            EndArgument(isTop);
        }
    }

    private void EndArgument(bool isTop)
    {
        Add(isTop ? Over : Close);
        if (isTop) Argument(isTop: false);
    }

    /// <summary>Whether a whole number stands before this fraction, which makes one fraction of both: 1 1/2 and 1\frac{1}{2} are 3/2.</summary>
    private bool IsMixed(AnswerToken top, AnswerToken bottom)
    {
        if (_plain.Count == 0 || _plain[^1] is not { Kind: TokenKind.Number } whole) return false;
        if (Short(whole) is not { } ones || Short(top) is not { } a || Short(bottom) is not { } b || a >= b) return false;
        _plain.RemoveAt(_plain.Count - 1);
        var numerator = new AnswerToken(TokenKind.Number, (ones * b + a).ToString(CultureInfo.InvariantCulture));
        Add(Open(whole), Open(top), numerator, Close, Over, Open(bottom), bottom with { SpaceBefore = false }, Close, Close);
        return true;
    }

    /// <summary>The number at a place, perhaps in brackets, and the place after it; null where something else stands there.</summary>
    private (AnswerToken Number, int After)? Digits(int place)
    {
        var isBracket = At(place).Kind == TokenKind.Open && At(place + 2).Kind == TokenKind.Close;
        var number = At(isBracket ? place + 1 : place);
        return number.Kind == TokenKind.Number ? (number, isBracket ? place + 3 : place + 1) : null;
    }

    /// <summary>Goes on with the name before: total_cost, x_1 and x1 are names.</summary>
    private bool JoinsName(AnswerToken token)
    {
        if (token.SpaceBefore || _plain.Count == 0 || _plain[^1] is not ({ Kind: TokenKind.Name or TokenKind.Letters } and var name)) return false;
        var isAttached = _plain.Count > 1 && _plain[^2].Kind == TokenKind.Number && !name.SpaceBefore; // the x of 3x4
        var joins = token.IsSign("_") || (token.Kind == TokenKind.Number && !isAttached)
            || (token.Kind is TokenKind.Name or TokenKind.Letters && name.Text.EndsWith('_'));
        if (joins) _plain[^1] = name with { Kind = TokenKind.Name, Text = name.Text + token.Text };
        return joins;
    }

    private static long? Short(AnswerToken number) =>
        number.Text.Length < 10 && long.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static AnswerToken Open(AnswerToken token) => new(TokenKind.Open, "(", token.SpaceBefore);
}
