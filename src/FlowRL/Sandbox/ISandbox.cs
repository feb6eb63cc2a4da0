namespace FlowRL.Sandbox;

/// <summary>A way to start programs that nobody has read. Thread-safe.</summary>
internal interface ISandbox
{
    /// <summary>Why no program can be started, with what to do about it; null where they can.</summary>
    string? Obstacle { get; }

    /// <summary>A folder inside for what runs a program and needs files of its own; it may be that of the program.</summary>
    string Scratch { get; }

    /// <summary>Starts a program in a fresh sandbox.</summary>
    /// <param name="command">The program inside and its arguments.</param>
    /// <param name="needs">What else it needs of this machine.</param>
    /// <exception cref="BadInputException">There is an <see cref="Obstacle"/>.</exception>
    SandboxedProcess Start(IReadOnlyList<string> command, SandboxNeeds needs);

    /// <summary>Starts what keeps an interpreter ready for programs; null where none can be.</summary>
    /// <param name="command">The interpreter with a source that ends in nursery.py. It is given, as further words, the folder with its list of processes,
    /// the bytes of a program's /tmp, and the filter of system calls for a program.</param>
    /// <param name="needs">What programs need of this machine.</param>
    /// <exception cref="BadInputException">There is an <see cref="Obstacle"/>.</exception>
    Nursery? StartNursery(IReadOnlyList<string> command, SandboxNeeds needs);
}

/// <summary>What a program needs of the machine beside the system's read-only files.</summary>
internal sealed record SandboxNeeds
{
    /// <summary>Folders that it may read, under their own names.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Environment variables beside the fixed ones.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether /proc is there, with the sandbox's own processes only.</summary>
    public bool Proc { get; init; }

    /// <summary>MiB of address space of a process, for runtimes that reserve more than they use; null allows as much as memory.</summary>
    public long? AddressMb { get; init; }

    /// <summary>Bytes for files in <see cref="ISandbox.Scratch"/>.</summary>
    public long ScratchBytes { get; init; }

    /// <summary>Whether it makes namespaces of its own, and a place for a program in them.</summary>
    public bool Nests { get; init; }

    /// <summary>Processes that are there beside a program's and those that every sandbox has.</summary>
    public int OwnProcesses => Nests ? 2 : 0;
}

/// <summary>The sandbox that options ask for.</summary>
internal static class Sandboxes
{
    /// <exception cref="ArgumentOutOfRangeException">The isolation is none of those known.</exception>
    public static ISandbox Of(SandboxOptions options) => options.Isolation switch
    {
        Isolation.Bubblewrap => new Bubblewrap(options),
        Isolation.None => new Unisolated(options),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Isolation, null),
    };
}
