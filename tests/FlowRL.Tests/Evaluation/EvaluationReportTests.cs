using System.Text.Json;
using CsCheck;
using FlowRL.Evaluation;
using FlowRL.Tasks;

namespace FlowRL.Tests.Evaluation;

public sealed class EvaluationReportTests
{
    private static readonly Verdict Wrong = new(new Reward.Score(0), "w", null);
    private static readonly Verdict Failed = new(new Reward.Error("x"), null, null);
    private static readonly Verdict Late = new(new Reward.Timeout(TimeSpan.FromSeconds(1)), null, null);

    private static Verdict Right(string solution) => new(new Reward.Score(1), solution, solution);

    private static readonly ProblemSamples[] Example =
    [
        new([Right("a"), Right("a"), Right("b"), Wrong], [5, 5, 7, 11], Truncated: 1, Solutions: 4),
        new([Wrong, Failed, Late, Wrong], [2, 2, 2, 6], Truncated: 0, Solutions: 2),
        new([Wrong, Wrong, Right("c"), Wrong], [4, 4, 4, 4], Truncated: 2, Solutions: null),
    ];

    [Fact]
    public void Rewards_and_their_parts_are_means_over_what_has_a_score()
    {
        static Verdict Scored(double value, double undecided) => new(
            new Reward.Score(value, new Dictionary<string, double> { ["undecided"] = undecided, ["short"] = value / 2 }), "a", null);
        var report = EvaluationReport.Of([new ProblemSamples([Scored(1, 0), Failed, Late, Scored(0.5, 1)], [1, 1, 1, 1], 0, null)], 1);
        Assert.Equal((0.75, 1, 1, 1), (report.Reward, report.Errors, report.Timeouts, report.Undecided));
        Assert.Equal([new("undecided", 0.5), new("short", 0.375)], report.RewardParts.AsEnumerable());
        Assert.Null(EvaluationReport.Of([new ProblemSamples([Failed], [1], 0, null)], 1).Reward);
    }

    [Fact]
    public void Every_number_of_a_small_evaluation_by_hand()
    {
        var report = EvaluationReport.Of(Example, seed: 1);
        Assert.Equal((0.75 + 0 + 0.25) / 3, report.Accuracy, 1e-12);
        Assert.Equal(1.0 / 3, report.Majority, 1e-12);
        Assert.Equal([1, 2, 4], report.PassAtK.Keys);
        Assert.Equal((1 + 0 + 0.5) / 3, report.PassAtK[2], 1e-12); // of 6 pairs: all, none, 3
        Assert.Equal((1 + 0 + 1) / 3.0, report.PassAtK[4], 1e-12);
        Assert.Equal((3, 4), (report.Problems, report.Samples));
        Assert.Equal((2 + 0 + 1) / 3.0, report.DistinctCorrect, 1e-12);
        Assert.Equal((2.0 / 4 + 0) / 2, report.Coverage!.Value, 1e-12);
        Assert.Equal((1, 1), (report.Errors, report.Timeouts));
        Assert.Equal(3.0 / 12, report.Truncated, 1e-12);
        Assert.Equal((7 + 3 + 4) / 3.0, report.MeanLength, 1e-12);
        Assert.Equal([1, 2, 3, 4], report.Variety!.DistinctAtK.Keys);
        Assert.Equal(report.DistinctCorrect, report.Variety.DistinctAtK[4], 1e-12);
        Assert.Null(report.Entropy); // nothing is known of log-probabilities
        var surprised = EvaluationReport.Of([Example[0] with { Surprisal = 1.5 }, Example[1] with { Surprisal = 0.5 }], 1);
        Assert.Equal((1.5 + 0.5) / (28 + 12), surprised.Entropy!.Value, 1e-12);
        Assert.Equal((report.PassAtKIntervals[1].Low, report.PassAtKIntervals[1].High), (report.AccuracyLow, report.AccuracyHigh));
    }

    // 3 of 4 right, of which one has a solution; 1 of 4 right without one.
    [Fact]
    public void A_right_answer_without_a_solution_counts_for_accuracy_and_not_for_variety()
    {
        var unknown = new Verdict(new Reward.Score(1), "a", null) { IsCorrect = true };
        var report = EvaluationReport.Of(
            [new([unknown, Right("a"), unknown, Wrong], [1, 1, 1, 1], 0, 4), new([Wrong, unknown, Wrong, Failed], [1, 1, 1, 1], 0, 2)], seed: 1);
        Assert.Equal([0.5, 1, 0.5], [report.Accuracy, report.PassAtK[4], report.Majority], Near);
        Assert.Equal(3, report.WithoutSolution);
        Assert.Equal([0.5, 0.125], [report.DistinctCorrect, report.Coverage!.Value], Near);
        Assert.Equal([0.25 / 2, 0.5], [report.Variety!.DistinctAtK[1], report.Variety.DistinctAtK[4]], Near);
        Assert.Equal([0.5, 1, 1], [report.Variety.EffectiveSolutions, report.Variety.CommonestShare!.Value, report.Variety.Cover[0.25]!.Value], Near);
        static bool Near(double a, double b) => Math.Abs(a - b) < 1e-12;
        Assert.Contains("\"without_solution\":3", JsonSerializer.Serialize(report), StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_a_solution_is_correct()
    {
        Assert.True(Right("a").IsCorrect);
        Assert.False(Wrong.IsCorrect);
        Assert.True((Wrong with { Solution = "a" }).IsCorrect);
        Assert.True((Wrong with { IsCorrect = true }).IsCorrect);
        Assert.True((Right("a") with { IsCorrect = false }).IsCorrect);
    }

    [Fact]
    public void The_order_of_problems_and_of_samples_changes_no_value() =>
        Gen.Select(Gen.Bool.Array[8].Array[1, 12], Gen.ULong).Sample((table, seed) =>
        {
            T[] Shuffle<T>(T[] items, long i) => [.. Seeds.Permutation(Seeds.Derive(seed, "s", i), items.Length).Select(j => items[j])];
            static ProblemSamples Samples(bool[] row) => new([.. row.Select(b => b ? Right("a") : Failed)], new int[8], 0, 3);
            var one = EvaluationReport.Of([.. table.Select(Samples)], 1);
            var other = EvaluationReport.Of([.. Shuffle(table, -1).Select((row, i) => Samples(Shuffle(row, i)))], 1);
            Assert.Equal(one.Accuracy, other.Accuracy, 1e-12);
            Assert.Equal(one.Majority, other.Majority, 1e-12);
            Assert.Equal(one.Coverage!.Value, other.Coverage!.Value, 1e-12);
            foreach (var k in one.PassAtK.Keys) Assert.Equal(one.PassAtK[k], other.PassAtK[k], 1e-12);
        }, iter: 30);

    [Fact]
    public void Coverage_is_unknown_where_no_number_of_solutions_is_known() => Assert.Null(EvaluationReport.Of(Example[2..], 1).Coverage);

    [Fact]
    public void The_report_is_snake_case_json()
    {
        var json = JsonSerializer.SerializeToElement(EvaluationReport.Of(Example, 1));
        Assert.Equal(
            ["accuracy", "accuracy_low", "accuracy_high", "reward", "reward_parts", "majority", "pass_at_k", "pass_at_k_intervals", "problems", "samples", "distinct_correct", "coverage",
                "errors", "timeouts", "undecided", "truncated", "mean_length", "entropy", "variety"],
            json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(["1", "2", "4"], json.GetProperty("pass_at_k").EnumerateObject().Select(property => property.Name));
        Assert.Equal(0.5, json.GetProperty("pass_at_k").GetProperty("2").GetDouble());
    }

    [Fact]
    public void Nothing_to_evaluate_is_said() => Assert.Equal(
        "Evaluation: there is nothing to evaluate; use at least one problem and one sample a problem.",
        Assert.Throws<BadInputException>(() => EvaluationReport.Of([], 1)).Message);

    [Fact]
    public void Problems_must_have_equally_many_samples() => Assert.Throws<ArgumentException>(() =>
        EvaluationReport.Of([Example[0], new ProblemSamples([Wrong], [1], 0, null)], 1));
}
