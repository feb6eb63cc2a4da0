using FlowRL.Evaluation;
using FlowRL.Tasks;

namespace FlowRL.Training;

/// <summary>Measures the policy on validation problems, always with the same draws.</summary>
/// <param name="evaluator">Samples; borrowed.</param>
/// <param name="options">How many problems and samples.</param>
/// <param name="seed">The run's.</param>
/// <param name="exact">Exact distances from the target; null where they are not asked for.</param>
public sealed class Validation(Evaluator evaluator, EvaluationOptions options, ulong seed, ExactValidation? exact)
{
    /// <summary>The numbers as metrics; <c>validation_score</c> ranks checkpoints, higher is better.</summary>
    public IReadOnlyDictionary<string, double> Measure(TrainedPolicy policy, CancellationToken cancellation)
    {
        var problems = evaluator.Problems(Split.Validation, options.ValidationProblems);
        var report = evaluator.Evaluate(problems, options.ValidationSamples, Seeds.Derive(seed, "validation"), cancellation);
        var metrics = new Dictionary<string, double>(exact?.Measure(policy.Partition, cancellation) ?? new Dictionary<string, double>())
        {
            ["validation_accuracy"] = report.Accuracy,
            ["validation_distinct"] = report.DistinctCorrect,
        };
        metrics["validation_score"] = metrics.TryGetValue("exact_kl", out var kl) ? -kl : report.Accuracy;
        return metrics;
    }
}
