namespace FlowRL.Training;

/// <summary>A run was asked to stop; it finished its step and saved.</summary>
/// <param name="runFolder">The folder to resume from.</param>
/// <param name="step">The last finished step.</param>
public sealed class RunInterruptedException(string runFolder, int step)
    : OperationCanceledException($"Stopped after step {step}; saved in {runFolder}.")
{
    public string RunFolder { get; } = runFolder;

    public int Step { get; } = step;
}
