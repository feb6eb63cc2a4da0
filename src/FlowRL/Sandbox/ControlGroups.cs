namespace FlowRL.Sandbox;

/// <summary>What bounds a whole sandbox in the kernel: all memory of all its processes, that which the kernel keeps for them too, and their number.</summary>
internal interface IResourceGroup : IDisposable
{
    /// <summary>The words that start what follows them within it.</summary>
    IReadOnlyList<string> Words => [];

    /// <summary>Environment variables that these need.</summary>
    IReadOnlyDictionary<string, string> Environs => new Dictionary<string, string>();

    /// <summary>Files that a process writes its own id to, to be in it.</summary>
    IEnumerable<string> Doors { get; }

    /// <summary>Whether the kernel ended a process of it for want of memory, as far as that is known.</summary>
    bool RanOutOfMemory { get; }
}

/// <summary>Whether the kernel can bound a whole sandbox on this machine.</summary>
public static class ControlGroups
{
    /// <summary>Whose control groups sandboxes have, for people; null where this user may make none, so that only each process is bounded and the whole is
    /// watched.</summary>
    public static string? Kind => ControlGroup.IsAvailable ? "control groups" : UserScope.IsAvailable ? "control groups of the user's systemd" : null;

    /// <summary>One without processes; null where there are none.</summary>
    /// <param name="memory">Bytes.</param>
    /// <param name="processes">Processes and threads at once.</param>
    internal static IResourceGroup? Rent(long memory, int processes) =>
        (IResourceGroup?)ControlGroup.Rent(memory, processes) ?? UserScope.Rent(memory, processes);
}
