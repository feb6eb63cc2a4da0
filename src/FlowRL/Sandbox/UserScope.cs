using System.ComponentModel;
using System.Diagnostics;

namespace FlowRL.Sandbox;

/// <summary>
/// A control group that the user's own service manager makes for a sandbox, where this user may make none: a scope of <c>systemd-run --user</c>. It
/// ends with what runs in it.
/// </summary>
/// <param name="memory">Bytes.</param>
/// <param name="processes">Processes and threads at once.</param>
internal sealed class UserScope(long memory, int processes) : IResourceGroup
{
    private const string Tool = "systemd-run";
    private const string Runtime = "XDG_RUNTIME_DIR", Bus = "DBUS_SESSION_BUS_ADDRESS";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Lazy<bool> Offered = new(() => !Environment.IsPrivilegedProcess && IsOffered($"/usr/bin/{Tool}"));

    /// <summary>Whether this user's manager bounds what it starts.</summary>
    public static bool IsAvailable => Offered.Value;

    public static UserScope? Rent(long memory, int processes) => IsAvailable ? new UserScope(memory, processes) : null;

    public IReadOnlyList<string> Words => [Tool, "--user", "--scope", "--quiet", "--collect",
        "-p", $"MemoryMax={memory}", "-p", "MemorySwapMax=0", "-p", $"TasksMax={processes}", "--"];

    /// <summary>Where the tool finds the manager. The sandbox's program has neither.</summary>
    public IReadOnlyDictionary<string, string> Environs { get; } = new[] { Runtime, Bus }
        .Select(name => (name, Environment.GetEnvironmentVariable(name))).Where(variable => variable.Item2 is not null)
        .ToDictionary(variable => variable.name, variable => variable.Item2!);

    public IEnumerable<string> Doors => [];

    // The group is gone before it can be asked.
    public bool RanOutOfMemory => false;

    public void Dispose() { }

    /// <summary>Tries it: a manager may be there and have no say over memory, as on systems with the first version of control groups.</summary>
    /// <param name="tool">The tool's path.</param>
    internal static bool IsOffered(string tool)
    {
        if (!File.Exists(tool) || Environment.GetEnvironmentVariable(Runtime) is not { } folder || !Directory.Exists(folder)) return false;
        var scope = new UserScope(64 << 20, 16);
        const string Ask = "cd \"/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)\" && exec cat memory.max pids.max";
        var start = new ProcessStartInfo(tool, [.. scope.Words.Skip(1), "/bin/sh", "-c", Ask]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var trial = Process.Start(start)!;
            var bounds = trial.StandardOutput.ReadToEndAsync();
            if (trial.WaitForExit(Patience) && bounds.Wait(Patience)) return bounds.Result == $"{64 << 20}\n16\n";
            trial.Kill(entireProcessTree: true);
            return false;
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }
}
