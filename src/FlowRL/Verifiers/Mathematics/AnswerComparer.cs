namespace FlowRL.Verifiers.Mathematics;

/// <summary>
/// Decides whether two final answers say the same. Whatever the texts hold, it ends within bounded work and never throws; a gold answer is
/// assumed to be right, a prediction to be hostile. Thread-safe.
/// </summary>
/// <remarks>
/// Answers are read into values, tuples, intervals, sets, matrices and relations. Values without variables are compared as exact fractions
/// where they are rational, else in complex double precision; expressions in variables at several points, exactly where they are rational
/// functions (two different ones of degree d agree at a random point of S with probability d / |S| at most: Schwartz 1980, Zippel 1979).
/// </remarks>
internal static class AnswerComparer
{
    /// <summary>Longer answers are compared as text only.</summary>
    public const int Longest = 2000;

    /// <param name="gold">The right answer, in LaTeX or plain notation.</param>
    /// <param name="prediction">What a model answered.</param>
    /// <param name="rules">What counts as the same.</param>
    public static AnswerComparison Compare(string gold, string prediction, AnswerRules rules)
    {
        var (right, answer) = (Trim(gold), Trim(prediction));
        if (right.Length == 0) return AnswerComparison.Undecided("there is no right answer to compare with");
        if (answer.Length == 0) return AnswerComparison.Different("there is no answer");
        if (right == answer) return AnswerComparison.Equal("the same text");
        if (right.Length > Longest || answer.Length > Longest)
            return AnswerComparison.Undecided($"an answer of over {Longest} characters is not read");
        if (ChoiceLetter.Alone(right) is { } choice && ChoiceLetter.Leading(answer) is { } chosen)
            return choice == chosen ? AnswerComparison.Equal("the same choice") : AnswerComparison.Different($"choice {chosen}, not {choice}");

        var first = Read(right, answer, thousands: true, rules);
        if (first.Outcome == AnswerOutcome.Equal || !(HasComma(right) || HasComma(answer))) return first;
        // 1,234 can be a list of two.
        var second = Read(right, answer, thousands: false, rules);
        return second.Outcome == AnswerOutcome.Equal ? second : first;
    }

    /// <summary>Why a right answer cannot be read, a sentence without a full stop; null where it is read. Only its own text equals an unread one.</summary>
    public static string? WhyUnreadable(string gold)
    {
        var right = Trim(gold);
        if (right.Length == 0) return "it is empty";
        if (right.Length > Longest) return $"it has over {Longest} characters";
        if (ChoiceLetter.Alone(right) is not null) return null;
        try
        {
            AnswerParser.Parse(new AnswerLexer(right, thousands: true).Read());
            return null;
        }
        catch (UnreadableAnswerException unreadable)
        {
            return unreadable.Message;
        }
    }

    private static AnswerComparison Read(string gold, string prediction, bool thousands, AnswerRules rules)
    {
        var (right, answer) = (new AnswerLexer(gold, thousands).Read(), new AnswerLexer(prediction, thousands).Read());
        if (right.Select(token => token.Text).SequenceEqual(answer.Select(token => token.Text)))
            return AnswerComparison.Equal("the same but for spacing");
        try
        {
            return new AnswerMatcher(rules).Compare(Parse(right, "the right answer"), Parse(answer, "the answer"));
        }
        catch (UnreadableAnswerException unreadable)
        {
            return AnswerComparison.Undecided(unreadable.Message);
        }
    }

    private static Answer Parse(IReadOnlyList<AnswerToken> tokens, string whose)
    {
        try
        {
            return AnswerParser.Parse(tokens);
        }
        catch (UnreadableAnswerException unreadable)
        {
            throw new UnreadableAnswerException($"{whose} is not read: {unreadable.Message}");
        }
    }

    private static bool HasComma(string text) => text.Contains(',', StringComparison.Ordinal);

    private static string Trim(string text)
    {
        var trimmed = text.AsSpan().Trim();
        while (trimmed.Length > 1 && trimmed[0] == '$' && trimmed[^1] == '$') trimmed = trimmed[1..^1].Trim();
        while (trimmed.Length > 1 && trimmed[^1] == '.') trimmed = trimmed[..^1].TrimEnd();
        if (trimmed.Length > Longest) return text;
        return trimmed.ToString().Replace("p.m.", "pm", StringComparison.Ordinal).Replace("a.m.", "am", StringComparison.Ordinal);
    }
}

/// <summary>An outcome and why.</summary>
/// <param name="Outcome">Equal, different or undecided; only equal earns a reward.</param>
/// <param name="Reason">A short sentence without a full stop.</param>
public sealed record AnswerComparison(AnswerOutcome Outcome, string Reason)
{
    internal static AnswerComparison Equal(string reason) => new(AnswerOutcome.Equal, reason);

    internal static AnswerComparison Different(string reason) => new(AnswerOutcome.Different, reason);

    internal static AnswerComparison Undecided(string reason) => new(AnswerOutcome.Undecided, reason);
}

/// <summary>What comparing two answers came to.</summary>
public enum AnswerOutcome
{
    /// <summary>The two say the same.</summary>
    Equal,

    /// <summary>They do not.</summary>
    Different,

    /// <summary>One of them could not be read, or the two agree only as far as rounding shows.</summary>
    Undecided,
}
