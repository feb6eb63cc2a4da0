namespace FlowRL.Sandbox;

/// <summary>What a program needs of the machine beside the system's read-only files.</summary>
public sealed record SandboxNeeds
{
    /// <summary>Folders that it may read, under their own names.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Environment variables beside the fixed ones.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether /proc is there, with the sandbox's own processes only.</summary>
    public bool Proc { get; init; }

    /// <summary>Whether address space is limited like memory; not for runtimes that reserve far more than they use.</summary>
    public bool LimitsAddressSpace { get; init; } = true;
}
