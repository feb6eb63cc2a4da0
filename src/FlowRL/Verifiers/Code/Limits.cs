using FlowRL.Sandbox;

namespace FlowRL.Verifiers.Code;

/// <summary>What a program's end before its time means.</summary>
internal static class EndOf
{
    public static CodeOutcome Outcome(SandboxedProcess running) => running.End switch
    {
        SandboxEnd.Time => CodeOutcome.Timeout,
        SandboxEnd.Memory => CodeOutcome.Memory,
        SandboxEnd.Output => CodeOutcome.Failed,
        _ => CodeOutcome.Error,
    };

    /// <summary>What it means that a program raised an exception.</summary>
    public static CodeOutcome Outcome(string exception) =>
        exception.StartsWith("MemoryError", StringComparison.Ordinal) ? CodeOutcome.Memory : CodeOutcome.Error;

    public static string Reason(SandboxedProcess running) => running.End switch
    {
        SandboxEnd.Time => "over the time limit",
        SandboxEnd.Memory => "over the memory limit",
        SandboxEnd.Output => "said more than it may",
        _ => "the program ended before its tests did",
    };
}

/// <summary>How processor time becomes time on the clock.</summary>
internal static class Limits
{
    /// <summary>How long a test may take on the clock: machines are busy, and programs may sleep.</summary>
    public static TimeSpan Clock(TimeSpan seconds) => seconds * 2 + TimeSpan.FromSeconds(1);
}
