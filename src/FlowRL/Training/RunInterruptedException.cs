namespace FlowRL.Training;

/// <summary>The run was asked to stop, finished its step and saved. The message says how to go on.</summary>
public sealed class RunInterruptedException(string runFolder, int step) : OperationCanceledException(
    $"Stopped after step {step}; everything is saved. Go on with: --resume {runFolder}")
{
    public string RunFolder { get; } = runFolder;
}
