using FlowRL.Checkpoints;
using FlowRL.Telemetry;

namespace FlowRL.Lab.Comparison;

/// <summary>How runs went: a metric by step, mean over the seeds that have it at that step.</summary>
/// <param name="ValidationAccuracy">By objective, points (step, share of correct responses).</param>
/// <param name="Entropy">By objective, points (step, nats a token).</param>
public sealed record LearningCurves(
    IReadOnlyDictionary<string, IReadOnlyList<(double X, double Y)>> ValidationAccuracy,
    IReadOnlyDictionary<string, IReadOnlyList<(double X, double Y)>> Entropy)
{
    /// <summary>Reads the metrics of the runs; runs without any have no part.</summary>
    /// <param name="plan">Whose runs.</param>
    /// <param name="damaged">Told of each damaged line, which has no part.</param>
    public static LearningCurves Read(ComparisonPlan plan, Action<string>? damaged = null)
    {
        var steps = plan.Runs.GroupBy(run => run.Objective).ToDictionary(group => group.Key, group => group
            .Select(run => Path.Combine(run.Folder, RunFiles.Metrics)).Where(File.Exists).SelectMany(file => MetricsLog.Read(file, damaged)).ToList());
        IReadOnlyDictionary<string, IReadOnlyList<(double, double)>> Of(string metric) =>
            steps.ToDictionary(pair => pair.Key, pair => Curve(pair.Value, metric));
        return new LearningCurves(Of(MetricNames.ValidationAccuracy), Of(MetricNames.Entropy));
    }

    private static IReadOnlyList<(double, double)> Curve(IEnumerable<(int Step, IReadOnlyDictionary<string, double> Metrics)> steps, string metric) =>
        [.. steps.Where(step => step.Metrics.TryGetValue(metric, out var value) && double.IsFinite(value))
            .GroupBy(step => step.Step, step => step.Metrics[metric]).OrderBy(group => group.Key)
            .Select(group => ((double)group.Key, group.Average()))];
}
