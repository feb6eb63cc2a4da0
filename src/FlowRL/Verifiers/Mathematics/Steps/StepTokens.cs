using FlowRL.Verifiers.Mathematics.Reading;

namespace FlowRL.Verifiers.Mathematics.Steps;

/// <summary>
/// The lines of a text as tokens in which brackets are round, fractions are divisions, names are one token each, and marks that only set type are left out.
/// Linear in the text, whatever it holds.
/// </summary>
internal static class StepTokens
{
    private const int LongestLine = 1000;

    public static IEnumerable<IReadOnlyList<AnswerToken>> Lines(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            foreach (var (piece, isSentence) in Pieces(line))
            {
                var tokens = Plain(new AnswerLexer(piece, new Ambiguities(Thousands: true)).Read());
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

    private static List<AnswerToken> Plain(IReadOnlyList<AnswerToken> tokens)
    {
        var plain = new List<AnswerToken>(tokens.Count);
        var fractions = new Stack<(int Depth, bool IsTop)>();
        var (depth, isAfterMark) = (0, false);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i] with { SpaceBefore = tokens[i].SpaceBefore || isAfterMark };
            isAfterMark = false;
            var next = i + 1 < tokens.Count ? tokens[i + 1] : default;
            switch (token)
            {
                case { Kind: TokenKind.Function, Text: "frac" }
                    when next.Kind == TokenKind.Number && i + 2 < tokens.Count && tokens[i + 2].Kind == TokenKind.Number:
                    Add(Open(token), Open(default), next, Close, Over, Open(default), tokens[i + 2], Close, Close);
                    i += 2;
                    break;
                case { Kind: TokenKind.Function, Text: "frac" } when next.Is(TokenKind.Open, "{"):
                    Add(Open(token));
                    fractions.Push((depth, true));
                    break;
                case { Kind: TokenKind.Open }:
                    depth++;
                    Add(Open(token));
                    break;
                case { Kind: TokenKind.Close }:
                    depth--;
                    Add(Close);
                    EndArgument(next);
                    break;
                case { Kind: TokenKind.BeginMatrix or TokenKind.EndMatrix }:
                case { Kind: TokenKind.Sign, Text: "&" or "'" or "''" or "`" or "\"" or "°" }:
                case { Kind: TokenKind.Sign, Text: "^" } when token.SpaceBefore != next.SpaceBefore || i == 0 || i + 1 == tokens.Count: // bold type
                    isAfterMark = true;
                    break;
                default:
                    if (!JoinsName(token)) Add(token);
                    break;
            }
        }
        return plain;

        void Add(params ReadOnlySpan<AnswerToken> added) => plain.AddRange(added);

        void EndArgument(AnswerToken next)
        {
            if (!fractions.TryPeek(out var fraction) || fraction.Depth != depth) return;
            fractions.Pop();
            if (!fraction.IsTop) Add(Close);
            else if (next.Is(TokenKind.Open, "{"))
            {
                Add(Over);
                fractions.Push((depth, false));
            }
        }

        // total_cost, x_1 and x1 are names.
        bool JoinsName(AnswerToken token)
        {
            if (token.SpaceBefore || plain.Count == 0 || plain[^1] is not ({ Kind: TokenKind.Name or TokenKind.Letters } and var name)) return false;
            var isAttached = plain.Count > 1 && plain[^2].Kind == TokenKind.Number && !name.SpaceBefore; // the x of 3x4
            var joins = token.IsSign("_") || (token.Kind == TokenKind.Number && !isAttached)
                || (token.Kind is TokenKind.Name or TokenKind.Letters && name.Text.EndsWith('_'));
            if (joins) plain[^1] = name with { Kind = TokenKind.Name, Text = name.Text + token.Text };
            return joins;
        }
    }

    private static AnswerToken Open(AnswerToken token) => new(TokenKind.Open, "(", token.SpaceBefore);

    private static readonly AnswerToken Close = new(TokenKind.Close, ")");

    private static readonly AnswerToken Over = new(TokenKind.Sign, "/");
}
