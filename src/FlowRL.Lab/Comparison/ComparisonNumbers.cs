using System.Text.Json.Serialization;

namespace FlowRL.Lab.Comparison;

/// <summary>What is compared. Null where a number does not exist: coverage without known solutions, the standard error of one seed.</summary>
public record ComparisonNumbers
{
    /// <summary>avg@n on test problems.</summary>
    [JsonPropertyName("accuracy")]
    public required double? Accuracy { get; init; }

    /// <summary>pass@k by k.</summary>
    [JsonPropertyName("pass_at_k")]
    public required IReadOnlyDictionary<int, double?> PassAtK { get; init; }

    /// <summary>Expected different solutions a problem in as many samples as the largest k.</summary>
    [JsonPropertyName("distinct_correct")]
    public required double? DistinctCorrect { get; init; }

    /// <summary>The same as a share of the solutions that exist, over problems where that is known.</summary>
    [JsonPropertyName("coverage")]
    public required double? Coverage { get; init; }

    /// <summary>The policy's entropy a token on test problems, in nats.</summary>
    [JsonPropertyName("entropy")]
    public required double? Entropy { get; init; }

    /// <summary>Mean reward.</summary>
    [JsonPropertyName("reward")]
    public required double? Reward { get; init; }

    /// <summary>Seconds of training.</summary>
    [JsonPropertyName("seconds")]
    public required double? Seconds { get; init; }

    /// <summary>Exact distances from the target by name (docs/evaluation.md); null where the runs measured none.</summary>
    [JsonPropertyName("exact"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double?>? Exact { get; init; }

    /// <summary>Each number of several records, put together by <paramref name="combine"/>; null where one has none.</summary>
    internal static ComparisonNumbers Over(IReadOnlyList<ComparisonNumbers> all, Func<double[], double?> combine)
    {
        double? Of(Func<ComparisonNumbers, double?> number) =>
            all.Select(number).ToArray() is var values && values.All(value => value is not null) ? combine([.. values.Select(value => value!.Value)]) : null;
        return new ComparisonNumbers
        {
            Accuracy = Of(numbers => numbers.Accuracy),
            PassAtK = all[0].PassAtK.Keys.ToDictionary(k => k, k => Of(numbers => numbers.PassAtK[k])),
            DistinctCorrect = Of(numbers => numbers.DistinctCorrect),
            Coverage = Of(numbers => numbers.Coverage),
            Entropy = Of(numbers => numbers.Entropy),
            Reward = Of(numbers => numbers.Reward),
            Seconds = Of(numbers => numbers.Seconds),
            Exact = all[0].Exact?.Keys.ToDictionary(name => name, name => Of(numbers => numbers.Exact?.GetValueOrDefault(name))),
        };
    }
}
