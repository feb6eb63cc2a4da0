using FlowRL.Evaluation;

namespace FlowRL.Lab.Judging;

/// <summary>What a judge's verdicts come to, and what they are worth where exact classes are known.</summary>
/// <param name="Model">The judge.</param>
/// <param name="Problems">Problems with a right answer.</param>
/// <param name="Responses">Right answers.</param>
/// <param name="Texts">Different texts among them, a problem at a time.</param>
/// <param name="Classes">The judge's classes, mean over problems; null where no pairs were asked.</param>
/// <param name="Compared">The judge held against exact classes; null where no problem has them for all its answers, and where no pairs were asked.</param>
/// <param name="Rating">Mean over the problems that were rated, from 1 to 5; null where none was.</param>
/// <param name="Rated">How many these are.</param>
/// <param name="RatingCorrelation">Spearman's correlation of the rating with the number of exact classes, over rated problems that have them.</param>
/// <param name="UndecidedQuestions">Questions without an answer.</param>
/// <param name="UndecidedTexts">Texts that are in no class for that, and count nowhere.</param>
/// <param name="Calls">Calls of the judge, failed ones included.</param>
/// <param name="Cached">Questions whose answer was known.</param>
public sealed record JudgeReport(string Model, int Problems, int Responses, int Texts, Estimate? Classes, JudgeAgreement? Compared, Estimate? Rating,
    int Rated, JudgeNumber? RatingCorrelation, int UndecidedQuestions, int UndecidedTexts, int Calls, int Cached)
{
    /// <summary>Of the resamples: fixed, so that equal verdicts give equal intervals.</summary>
    private static ulong Seed => Seeds.Derive(0, "judge");

    /// <param name="judge">Who was asked.</param>
    /// <param name="verdicts">What it said, of one problem or more.</param>
    public static JudgeReport Of(ChatJudge judge, IReadOnlyList<JudgeVerdict> verdicts)
    {
        var grouped = verdicts.Where(verdict => verdict.Classes is not null).ToList();
        var rated = verdicts.Where(verdict => verdict.Rating is not null).ToList();
        var exact = rated.Where(verdict => verdict.Problem.ExactClasses is not null)
            .Select(verdict => ((double)verdict.Rating!, (double)verdict.Problem.ExactClasses!)).ToList();
        return new JudgeReport(judge.Options.Model, verdicts.Count, verdicts.Sum(verdict => verdict.Problem.Responses.Count),
            verdicts.Sum(verdict => verdict.Problem.Different.Count), Mean(grouped, JudgeAgreement.ClassesOf), JudgeAgreement.Of(grouped, Seed),
            Mean(rated, verdict => verdict.Rating!.Value), rated.Count, RankCorrelation.Of(exact, Seed), judge.Undecided,
            grouped.Sum(verdict => verdict.Classes!.Count(number => number is null)), judge.Calls, judge.Cached);
    }

    private static Estimate? Mean(List<JudgeVerdict> verdicts, Func<JudgeVerdict, int> value) =>
        verdicts.Count == 0 ? null : Bootstrap.Means([[.. verdicts.Select(verdict => (double)value(verdict))]], Seed)[0];
}

/// <summary>
/// A judge's classes held against exact ones, over the problems whose placed texts all have an exact class. Pairs are those of different texts of one problem,
/// all problems' together.
/// </summary>
/// <param name="Problems">How many these are.</param>
/// <param name="JudgeClasses">The judge's classes, mean over these problems.</param>
/// <param name="ExactClasses">Exact classes of the same texts.</param>
/// <param name="Pairs">Pairs of different texts.</param>
/// <param name="Agreement">Share of pairs on which both say the same, 0 to 1.</param>
/// <param name="Kappa">Cohen's kappa.</param>
/// <param name="Precision">Share of the pairs that the judge calls the same that are.</param>
/// <param name="Recall">Share of the pairs that are the same that the judge calls so.</param>
public sealed record JudgeAgreement(int Problems, Estimate JudgeClasses, Estimate ExactClasses, long Pairs,
    JudgeNumber? Agreement, JudgeNumber? Kappa, JudgeNumber? Precision, JudgeNumber? Recall)
{
    /// <summary>Null where there is no such problem.</summary>
    internal static JudgeAgreement? Of(IEnumerable<JudgeVerdict> verdicts, ulong seed)
    {
        var known = verdicts.Where(verdict => verdict.Placed.All(text => text.Response.Solution is not null)).ToList();
        if (known.Count == 0) return null;
        var means = Bootstrap.Means([
            [.. known.Select(verdict => (double)ClassesOf(verdict))],
            [.. known.Select(verdict => (double)verdict.Placed.Select(text => text.Response.Solution).Distinct().Count())]], seed);
        var (whole, resampled) = PairCounts.Of(known, seed);
        JudgeNumber? Number(Func<PairCounts, double?> number) => JudgeNumber.Of(number(whole), resampled.Select(number));
        return new JudgeAgreement(known.Count, means[0], means[1], (long)whole.All, Number(counts => counts.Agreement), Number(counts => counts.Kappa),
            Number(counts => counts.Precision), Number(counts => counts.Recall));
    }

    /// <summary>How many classes a judge made of a problem's texts.</summary>
    internal static int ClassesOf(JudgeVerdict verdict) => verdict.Placed.Select(text => text.Class).Distinct().Count();
}

/// <summary>A number with the 95% interval of its bootstrap over problems.</summary>
/// <param name="Value">Of all problems.</param>
/// <param name="Low">Lower end; null where some resample has no value.</param>
/// <param name="High">Upper end.</param>
public sealed record JudgeNumber(double Value, double? Low, double? High)
{
    /// <summary>Null where the number itself has no value.</summary>
    internal static JudgeNumber? Of(double? value, IEnumerable<double?> resampled)
    {
        if (value is not { } whole) return null;
        var draws = resampled.ToArray();
        if (Array.Exists(draws, draw => draw is null)) return new JudgeNumber(whole, null, null);
        var interval = Bootstrap.Interval(whole, [.. draws.Select(draw => draw!.Value)]);
        return new JudgeNumber(whole, interval.Low, interval.High);
    }
}
