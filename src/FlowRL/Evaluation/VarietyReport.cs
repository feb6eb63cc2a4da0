using System.Text.Json.Serialization;

namespace FlowRL.Evaluation;

/// <summary>How different the right answers of an evaluation are; docs/evaluation.md has each formula.</summary>
public sealed record VarietyReport
{
    /// <summary>Different solutions expected in k samples, by k, mean over problems.</summary>
    [JsonPropertyName("distinct_at_k")]
    public required IReadOnlyDictionary<int, double> DistinctAtK { get; init; }

    /// <summary>exp of the entropy over solutions of the samples that have one, mean over problems; 0 counts where none has.</summary>
    [JsonPropertyName("effective_solutions")]
    public required double EffectiveSolutions { get; init; }

    /// <summary>The share of the commonest solution among samples that have one, mean over problems with such; null without any.</summary>
    [JsonPropertyName("commonest_share")]
    public required double? CommonestShare { get; init; }

    /// <summary>utility@k for the largest k of <see cref="DistinctAtK"/>, mean over problems.</summary>
    [JsonPropertyName("utility")]
    public required double Utility { get; init; }

    /// <summary>The share of problems of whose samples at least τ are correct, by τ.</summary>
    [JsonPropertyName("cover")]
    public required IReadOnlyDictionary<double, double?> Cover { get; init; }

    /// <summary>The share of problems of whose existing solutions at least τ were found, by τ, over problems where their number is known and not 0.</summary>
    [JsonPropertyName("cover_solutions")]
    public required IReadOnlyDictionary<double, double?> CoverSolutions { get; init; }

    /// <param name="problems">At least one, all with the same number of samples.</param>
    /// <param name="ks">Of <see cref="DistinctAtK"/>, each from 1 to the number of samples.</param>
    internal static VarietyReport Of(IReadOnlyCollection<SolutionCounts> problems, IEnumerable<int> ks)
    {
        var wanted = ks.Order().ToArray();
        var curves = problems.Select(FlowRL.Evaluation.DistinctAtK.Curve).ToList();
        double[] right = [.. problems.Select(problem => (double)problem.Correct / problem.Samples)];
        double[] known = [.. problems.Where(problem => problem.Solutions > 0).Select(problem => (double)problem.Found.Count / problem.Solutions!.Value)];
        return new VarietyReport
        {
            DistinctAtK = wanted.ToDictionary(k => k, k => curves.Average(curve => curve[k - 1])),
            EffectiveSolutions = problems.Average(FlowRL.Evaluation.EffectiveSolutions.Of),
            CommonestShare = problems.Select(FlowRL.Evaluation.CommonestShare.Of).Average(),
            Utility = curves.Average(curve => UtilityAtK.Of(curve, wanted[^1])),
            Cover = CoverAtTau.Thresholds.ToDictionary(share => share, share => CoverAtTau.Of(right, share)),
            CoverSolutions = CoverAtTau.Thresholds.ToDictionary(share => share, share => CoverAtTau.Of(known, share)),
        };
    }
}
