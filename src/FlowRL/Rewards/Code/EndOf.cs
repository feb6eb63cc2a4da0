using FlowRL.Sandbox;

namespace FlowRL.Rewards.Code;

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

    public static string Reason(SandboxedProcess running) => running.End switch
    {
        SandboxEnd.Time => "over the time limit",
        SandboxEnd.Memory => "over the memory limit",
        SandboxEnd.Output => "said more than it may",
        _ => "the program ended before its tests did",
    };
}
