using FlowRL.Checkpoints;
using FlowRL.Telemetry;

namespace FlowRL.Lab.Comparison;

/// <summary>A run's exact distances from its target, which its log holds where <c>evaluation.exact_beta</c> was given.</summary>
internal static class ExactNumbers
{
    private const string Prefix = "exact_";

    /// <summary>The numbers at the tested step, and with <c>last_</c> before their names those at the run's end; null where there are none.</summary>
    /// <remarks>Damaged lines of the log have no part; whoever reads the curves tells them.</remarks>
    public static IReadOnlyDictionary<string, double?>? Read(string folder, int testedStep)
    {
        var log = Path.Combine(folder, RunFiles.Metrics);
        if (!File.Exists(log)) return null;
        var measured = MetricsLog.Read(log).Where(step => step.Metrics.Keys.Any(IsExact)).ToList();
        if (measured.Count == 0) return null;
        return Named(measured.LastOrDefault(step => step.Step <= testedStep, measured[^1]), "").Concat(Named(measured[^1], "last_"))
            .ToDictionary(pair => pair.Name, pair => (double?)pair.Value);
    }

    private static IEnumerable<(string Name, double Value)> Named((int Step, IReadOnlyDictionary<string, double> Metrics) step, string prefix) =>
        step.Metrics.Where(metric => IsExact(metric.Key)).Select(metric => (prefix + metric.Key[Prefix.Length..], metric.Value));

    private static bool IsExact(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);
}
