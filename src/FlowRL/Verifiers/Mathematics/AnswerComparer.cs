using System.Text.RegularExpressions;
using FlowRL.Verifiers.Mathematics.Reading;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>
/// Decides whether two final answers say the same. Whatever the texts hold, it ends within bounded work and never throws; a gold answer is
/// assumed to be right, a prediction to be hostile. Thread-safe.
/// </summary>
/// <remarks>
/// Answers are read into values, tuples, intervals, sets, matrices and relations. Values without variables are compared as exact fractions
/// where they are rational, else in complex double precision and, where that shows no difference, with some hundred bits; expressions in variables
/// at several points, exactly where they are rational functions (two different ones of degree d agree at a random point of S with probability
/// d / |S| at most: Schwartz 1980, Zippel 1979).
/// </remarks>
internal static partial class AnswerComparer
{
    /// <summary>Longer answers are compared as text only.</summary>
    public const int Longest = 2000;

    /// <param name="gold">The right answer, in LaTeX or plain notation.</param>
    /// <param name="prediction">What a model answered.</param>
    /// <param name="rules">What counts as the same.</param>
    public static AnswerComparison Compare(string gold, string prediction, AnswerRules rules)
    {
        var (right, answer) = (gold.Trim(), prediction.Trim());
        if (right.Length == 0) return AnswerComparison.Undecided("there is no right answer to compare with");
        if (answer.Length == 0) return AnswerComparison.Different("there is no answer");
        if (right == answer) return AnswerComparison.Equal("the same text");
        if (right.Length > Longest || answer.Length > Longest)
            return AnswerComparison.Undecided($"an answer of over {Longest} characters is not read");
        (right, answer) = (Typography.Plain(right), Typography.Plain(answer));
        var comparison = Plain(right, answer, rules);
        if (comparison.Outcome == AnswerOutcome.Equal || (BoxedAnswer.In(right) ?? BoxedAnswer.In(answer)) is null) return comparison;
        // Of an answer with words around its box, the box is meant.
        return Plain(Typography.Plain(BoxedAnswer.In(right) ?? right), Typography.Plain(BoxedAnswer.In(answer) ?? answer), rules);
    }

    private static AnswerComparison Plain(string right, string answer, AnswerRules rules) => right == answer ? AnswerComparison.Equal("the same text")
        : Choices(right, answer, rules) ?? Times(right, answer) ?? Read(right, answer, rules);

    /// <summary>Why a right answer cannot be read, a sentence without a full stop; null where it is read. Only its own text equals an unread one.</summary>
    public static string? WhyUnreadable(string gold)
    {
        var right = gold.Trim();
        if (right.Length == 0) return "it is empty";
        if (right.Length > Longest) return $"it has over {Longest} characters";
        right = Typography.Plain(right);
        if (ChoiceLetter.Of(right) is not null) return null;
        try
        {
            AnswerParser.Parse(new AnswerLexer(right, new Ambiguities(Thousands: true)).Read());
            return null;
        }
        catch (UnreadableAnswerException unreadable)
        {
            return unreadable.Message;
        }
    }

    /// <summary>Null where the answers are no choices.</summary>
    private static AnswerComparison? Choices(string right, string answer, AnswerRules rules)
    {
        var (choice, chosen) = (ChoiceLetter.Of(right), ChoiceLetter.Of(answer));
        if (choice is null)
        {
            // 12 and (C) 12: of a choice's letter and text, the text is compared.
            return chosen is { Text.Length: > 0 } told && Read(right, told.Text, rules) is { Outcome: AnswerOutcome.Equal } equal ? equal : null;
        }
        if (chosen is null) return choice.Value.Text.Length > 0 ? Read(choice.Value.Text, answer, rules) : null;
        if (choice.Value.Letter != chosen.Value.Letter) return AnswerComparison.Different($"choice {chosen.Value.Letter}, not {choice.Value.Letter}");
        if (choice.Value.Text.Length == 0 || chosen.Value.Text.Length == 0) return AnswerComparison.Equal("the same choice");
        return Read(choice.Value.Text, chosen.Value.Text, rules) is { Outcome: AnswerOutcome.Different } different
            ? different : AnswerComparison.Equal("the same choice");
    }

    /// <summary>Null where the answers are no times of day: one of them has to say which half of the day it means, or 4:30 can be a ratio.</summary>
    private static AnswerComparison? Times(string right, string answer)
    {
        if (ClockTime.Of(right) is not { } one || ClockTime.Of(answer) is not { } other || !(one.IsMarked || other.IsMarked)) return null;
        return one.MayBe(other) ? AnswerComparison.Equal("the same time of day") : AnswerComparison.Different("another time of day");
    }

    private static AnswerComparison Read(string right, string answer, AnswerRules rules)
    {
        var first = Read(right, answer, new Ambiguities(Thousands: true), rules);
        if (first.Outcome == AnswerOutcome.Equal) return first;
        // 1,234 can be a list of two, and 5 m a length.
        var others = new List<Ambiguities>();
        if (HasComma(right) || HasComma(answer)) others.Add(new(Thousands: false));
        if (LetterUnit().IsMatch(right) || LetterUnit().IsMatch(answer)) others.Add(new(Thousands: true, LetterUnits: true));
        return others.Select(other => Read(right, answer, other, rules)).FirstOrDefault(comparison => comparison.Outcome == AnswerOutcome.Equal) ?? first;
    }

    private static AnswerComparison Read(string gold, string prediction, Ambiguities ambiguities, AnswerRules rules)
    {
        var (right, answer) = (new AnswerLexer(gold, ambiguities).Read(), new AnswerLexer(prediction, ambiguities).Read());
        if (right.Count > 0 && right.Select(token => (token.Kind, token.Text)).SequenceEqual(answer.Select(token => (token.Kind, token.Text))))
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

    [GeneratedRegex(@"[0-9)}] [msghLNJWV]($|[ /^,])|[0-9)} ]m/|[0-9] ?m\^", RegexOptions.NonBacktracking)]
    private static partial Regex LetterUnit();
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
