using System.Text.Json.Serialization;

namespace FlowRL.Evaluation;

/// <summary>What one model, or the runs of one objective, reach at one setting of the sampling: a point of a front.</summary>
public sealed record FrontPoint
{
    [JsonPropertyName("temperature")]
    public required double Temperature { get; init; }

    /// <summary>1 where responses come from the whole distribution.</summary>
    [JsonPropertyName("top_p")]
    public required double TopP { get; init; }

    /// <summary>avg@n.</summary>
    [JsonPropertyName("accuracy")]
    public required double Accuracy { get; init; }

    /// <summary>Different solutions expected in as many samples as the largest k, mean over problems.</summary>
    [JsonPropertyName("distinct_correct")]
    public required double DistinctCorrect { get; init; }

    [JsonPropertyName("pass_at_k")]
    public required IReadOnlyDictionary<int, double> PassAtK { get; init; }

    /// <summary><see cref="DistinctCorrect"/> as a share of the solutions that exist, over problems where that is known; null where it never is.</summary>
    [JsonPropertyName("coverage")]
    public required double? Coverage { get; init; }

    /// <summary><see cref="Accuracy"/> with the 95% interval of the bootstrap over problems.</summary>
    [JsonPropertyName("accuracy_interval")]
    public required Estimate AccuracyInterval { get; init; }

    /// <summary><see cref="DistinctCorrect"/> with its interval.</summary>
    [JsonPropertyName("distinct_interval")]
    public required Estimate DistinctInterval { get; init; }

    [JsonPropertyName("variety")]
    public required VarietyReport Variety { get; init; }

    /// <summary>Of <see cref="DistinctCorrect"/> those that the base model's samples never show; null where the base was not sampled.</summary>
    [JsonPropertyName("novel"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Novel { get; init; }

    /// <summary>Mean over sampled tokens of −log π at this temperature, whatever top-p left out, in nats; null where it is not known.</summary>
    [JsonPropertyName("entropy")]
    public double? Entropy { get; init; }

    /// <summary>The point of one or several runs on the same problems.</summary>
    /// <param name="setting">How their responses were drawn.</param>
    /// <param name="runs">At least one, each with the same problems.</param>
    /// <param name="ks">The k of pass@k; the largest counts different solutions.</param>
    /// <param name="seed">Of the bootstrap.</param>
    internal static FrontPoint Of(FrontSetting setting, IReadOnlyList<IReadOnlyList<SolutionCounts>> runs, IReadOnlyList<int> ks, ulong seed)
    {
        var (sorted, largest) = (ks.Order().ToArray(), ks.Max());
        double[] Column(Func<SolutionCounts, double> value) =>
            [.. Enumerable.Range(0, runs[0].Count).Select(problem => runs.Average(run => value(run[problem])))];
        var estimates = Bootstrap.Means(
            [Column(problem => (double)problem.Correct / problem.Samples), Column(problem => DistinctAtK.Estimate(problem, largest))], seed);
        List<SolutionCounts> all = [.. runs.SelectMany(run => run)];
        return new FrontPoint
        {
            Temperature = setting.Temperature,
            TopP = setting.TopP,
            Accuracy = estimates[0].Value,
            DistinctCorrect = estimates[1].Value,
            PassAtK = sorted.ToDictionary(k => k, k => all.Average(problem => FlowRL.Evaluation.PassAtK.Estimate(problem.Samples, problem.Correct, k))),
            Coverage = all.Where(problem => problem.Solutions > 0)
                .Select(problem => (double?)(DistinctAtK.Estimate(problem, largest) / problem.Solutions!.Value)).Average(),
            AccuracyInterval = estimates[0],
            DistinctInterval = estimates[1],
            Variety = VarietyReport.Of(all, sorted),
        };
    }
}
