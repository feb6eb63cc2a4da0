using FlowRL.Files;

namespace FlowRL.Sandbox;

/// <summary>How many programs may run at once on this machine.</summary>
internal static class Capacity
{
    private const int Sandboxes = 2; // of a verdict: a program's and its judge's

    /// <summary>
    /// Two verdicts a core: a verdict often waits, for the other side or for the kernel to make and to clear away. Fewer where all of them together
    /// could take more memory than is free now; never none.
    /// </summary>
    public static int Verdicts(SandboxOptions options) => Verdicts(options, Environment.ProcessorCount, MachineMemory.Free >> 20);

    internal static int Verdicts(SandboxOptions options, int cores, long freeMb) =>
        (int)Math.Clamp(freeMb / (Sandboxes * options.MemoryMb), 1, 2 * cores);
}
