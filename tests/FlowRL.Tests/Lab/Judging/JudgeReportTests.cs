using FlowRL.Evaluation;
using FlowRL.Lab.Judging;

namespace FlowRL.Tests.Lab.Judging;

/// <summary>Numbers of a judge against exact classes, worked by hand.</summary>
public sealed class JudgeReportTests
{
    private static readonly ChatJudge Judge = ScriptedJudge.Of().Judge();

    /// <summary>
    /// Of the first problem's pairs: ab same for both; ac, bc same for the judge alone; cd by exact classes alone; ad, bd different for both. The second has one,
    /// different for both.
    /// </summary>
    private static readonly JudgeVerdict[] Two = [Verdict("AABB", [0, 0, 0, 1], 2), Verdict("AB", [0, 1], 4)];

    [Fact]
    public void Agreement_is_counted_over_pairs_of_all_problems()
    {
        var (whole, _) = PairCounts.Of(Two, 1);
        Assert.Equal(new PairCounts(1, 2, 1, 3), whole);
        Assert.Equal(4 / 7.0, whole.Agreement!.Value, 1e-12);
        // Chance: 3/7 · 2/7 + 4/7 · 5/7 = 26/49; (28/49 − 26/49) / (1 − 26/49) = 2/23.
        Assert.Equal(2 / 23.0, whole.Kappa!.Value, 1e-12);
        Assert.Equal((1 / 3.0, 1 / 2.0), (whole.Precision!.Value, whole.Recall!.Value));
    }

    [Fact]
    public void A_report_has_means_numbers_and_intervals()
    {
        var report = JudgeReport.Of(Judge, Two);
        Assert.Equal(("scripted", 2, 6, 6, 0), (report.Model, report.Problems, report.Responses, report.Texts, report.UndecidedTexts));
        Assert.Equal(new Estimate(2, 2, 2), report.Classes);
        Assert.Equal((3.0, 2.0, 4.0, 2), (report.Rating!.Value, report.Rating.Low, report.Rating.High, report.Rated));
        var compared = report.Compared!;
        Assert.Equal((2, 7L), (compared.Problems, compared.Pairs));
        Assert.Equal((new Estimate(2, 2, 2), new Estimate(2, 2, 2)), (compared.JudgeClasses, compared.ExactClasses));
        // A resample of two is one of the problems twice, or both: 3/6, 1, or 4/7.
        Assert.Equal((0.5, 1.0), (compared.Agreement!.Low, compared.Agreement.High));
        Assert.Equal(4 / 7.0, compared.Agreement.Value, 1e-12);
        // The second problem alone has nothing that is the same, so that these have no interval.
        Assert.Equal(new JudgeNumber(1 / 3.0, null, null), compared.Precision);
        Assert.Equal(new JudgeNumber(1 / 2.0, null, null), compared.Recall);
        Assert.Null(report.RatingCorrelation); // two exact classes in both
    }

    [Fact]
    public void An_agreeing_judge_has_ones()
    {
        var compared = JudgeReport.Of(Judge, [Verdict("AAB", [0, 0, 1], null), Verdict("ABB", [0, 1, 1], null)]).Compared!;
        var one = new JudgeNumber(1, 1, 1);
        Assert.Equal((6L, one, one, one, one), (compared.Pairs, compared.Agreement, compared.Kappa, compared.Precision, compared.Recall));
    }

    [Fact]
    public void Undecided_texts_count_nowhere()
    {
        var report = JudgeReport.Of(Judge, [Verdict("AABC", [0, 0, null, null], null)]);
        Assert.Equal((2, 1L), (report.UndecidedTexts, report.Compared!.Pairs));
        Assert.Equal((1.0, 1.0), (report.Compared.JudgeClasses.Value, report.Compared.ExactClasses.Value));
        Assert.Null(report.Compared.Kappa); // one pair that both call the same: chance agrees as well
    }

    [Fact]
    public void Without_exact_classes_there_is_nothing_to_compare()
    {
        var problem = new JudgedProblem("1", null, [new("a", null), new("b", null)]);
        var report = JudgeReport.Of(Judge, [new JudgeVerdict(problem, [0, 1], 5)]);
        Assert.Equal((2.0, 5.0), (report.Classes!.Value, report.Rating!.Value));
        Assert.Null(report.Compared);
        Assert.Null(report.RatingCorrelation);
    }

    [Fact]
    public void Equal_texts_are_one_text()
    {
        var problem = new JudgedProblem("1", null, [new("a", "A"), new("a", "A"), new("b", "A")]);
        var report = JudgeReport.Of(Judge, [new JudgeVerdict(problem, [0, 0], null)]);
        Assert.Equal((3, 2, 1L), (report.Responses, report.Texts, report.Compared!.Pairs));
    }

    [Fact]
    public void Ratings_are_ranked_beside_the_number_of_exact_classes()
    {
        JudgeVerdict[] verdicts = [Verdict("A", null, 1), Verdict("AB", null, 1), Verdict("ABC", null, 3)];
        var report = JudgeReport.Of(Judge, verdicts);
        // Ranks 1.5, 1.5, 3 and 1, 2, 3: covariance 1/2, variances 1/2 and 2/3.
        Assert.Equal(Math.Sqrt(3) / 2, report.RatingCorrelation!.Value, 1e-12);
        Assert.Null(report.RatingCorrelation.Low); // a resample may be one problem three times
        Assert.Null(report.Classes);
        Assert.Null(report.Compared);
        Assert.Equal([2.5, 1, 2.5, 4], RankCorrelation.Ranks([2, 1, 2, 9]));
    }

    /// <summary>A problem whose texts have these exact classes, one letter each.</summary>
    private static JudgeVerdict Verdict(string exact, int?[]? classes, int? rating) =>
        new(new JudgedProblem(exact, null, [.. exact.Select((solution, i) => new JudgedResponse($"text {i}", $"{solution}"))]), classes, rating);
}
