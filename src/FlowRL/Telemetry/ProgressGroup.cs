namespace FlowRL.Telemetry;

/// <summary>Passes each report on to several receivers, in order, on the caller's thread.</summary>
public sealed class ProgressGroup(params IReadOnlyList<IProgress<StepReport>> receivers) : IProgress<StepReport>
{
    public void Report(StepReport value)
    {
        foreach (var receiver in receivers) receiver.Report(value);
    }
}
