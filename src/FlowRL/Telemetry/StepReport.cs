namespace FlowRL.Telemetry;

/// <summary>What a run says of one finished step. Logs and progress views are <see cref="IProgress{T}"/> of this.</summary>
/// <param name="Step">The step just finished, from 1.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Seconds">Seconds since the run began, those before a resume included.</param>
/// <param name="SecondsLeft">Expected seconds to the end; NaN while unknown.</param>
/// <param name="Metrics">Everything measured, by name; the names that views look for are in <see cref="MetricNames"/>.</param>
public sealed record StepReport(int Step, int Steps, double Seconds, double SecondsLeft, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>One metric, or NaN where the step has none of that name.</summary>
    public double this[string metric] => Metrics.TryGetValue(metric, out var value) ? value : double.NaN;
}

/// <summary>Passes each report on to several receivers, in order, on the caller's thread.</summary>
internal sealed class ProgressGroup(params IReadOnlyList<IProgress<StepReport>> receivers) : IProgress<StepReport>
{
    public void Report(StepReport value)
    {
        foreach (var receiver in receivers) receiver.Report(value);
    }
}
