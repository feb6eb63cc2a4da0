namespace FlowRL.Sandbox;

/// <summary>No sandbox, only limits: for a machine that one can lose. Thread-safe.</summary>
internal sealed class Unisolated(SandboxOptions options) : ISandbox
{
    public string? Obstacle => !SandboxStart.IsInstalled("prlimit") ? "'prlimit' is missing, so programs cannot be limited and none is run; install util-linux."
        : SandboxStart.IsInstalled(OpenFiles.Shell) ? null
        : $"'{OpenFiles.Shell}' is missing, so programs cannot be kept from open files and none is run; install it.";

    public string Scratch => Path.GetTempPath();

    public SandboxedProcess Start(IReadOnlyList<string> command, SandboxNeeds needs)
    {
        if (Obstacle is { } obstacle) throw new BadInputException(obstacle);
        // The limit on processes counts all of this user's outside of a namespace, so it is left out.
        var limits = SandboxStart.Limits(options, needs).Where(word => !word.StartsWith("--nproc", StringComparison.Ordinal));
        var process = SandboxStart.Of([.. OpenFiles.Closed(), .. limits, .. command], needs.Environment, Scratch);
        return new SandboxedProcess(new OwnSandbox(process, group: null, isIsolated: false), options);
    }

    // Nothing would be between one program and the next.
    public Nursery? StartNursery(IReadOnlyList<string> command, SandboxNeeds needs) => null;
}
