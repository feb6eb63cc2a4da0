using System.Text.Json.Serialization;

namespace FlowRL.Lab.Comparison;

/// <summary>One run's numbers.</summary>
public sealed record ComparedSeed : ComparisonNumbers
{
    [JsonPropertyName("seed"), JsonPropertyOrder(-3)]
    public required long Seed { get; init; }

    /// <summary>The run's folder, relative to the comparison's.</summary>
    [JsonPropertyName("run"), JsonPropertyOrder(-2)]
    public required string Run { get; init; }

    /// <summary>The checkpoint that was best on validation problems, which was tested.</summary>
    [JsonPropertyName("best_step"), JsonPropertyOrder(-1)]
    public required int BestStep { get; init; }

    /// <summary>The metric of validation by which it was best; null where it was the last, or that is not known.</summary>
    [JsonPropertyName("best_by"), JsonPropertyOrder(-1)]
    public string? BestBy { get; init; }

    internal static ComparedSeed Of(PlannedRun run, TestedRun tested)
    {
        var (n, largest) = (tested.Evaluation.Samples, tested.Evaluation.K.Max());
        return new ComparedSeed
        {
            Seed = run.Seed,
            Run = $"{run.Objective}/seed-{run.Seed}",
            BestStep = tested.BestStep,
            BestBy = tested.BestBy,
            Accuracy = tested.Problems.Average(problem => problem.PassAtK(n, 1)),
            PassAtK = tested.Evaluation.K.Order().ToDictionary(k => k, k => (double?)tested.Problems.Average(problem => problem.PassAtK(n, k))),
            DistinctCorrect = tested.Problems.Average(problem => problem.DistinctAtK(n, largest)),
            Coverage = tested.Problems.Average(problem => problem.CoverageAtK(n, largest)),
            Entropy = tested.Entropy,
            Reward = tested.Reward,
            Seconds = tested.Seconds,
            Exact = ExactNumbers.Read(run.Folder, tested.BestStep),
        };
    }
}
