using System.Collections.Concurrent;
using System.Globalization;

namespace FlowRL.Sandbox;

/// <summary>
/// A control group that bounds memory and processes of a whole sandbox in the kernel, where this user may make one. Without it the watchdog and the
/// limits of each process do the work.
/// </summary>
internal sealed class ControlGroup : IResourceGroup
{
    private static readonly string[] MemoryLimits = ["memory.max", "memory.limit_in_bytes"];
    private static readonly Lazy<IReadOnlyList<Place>> Places = new(() => [.. Find().Select(Try).OfType<Place>()]);
    private static readonly ConcurrentDictionary<(long Memory, int Processes), ConcurrentBag<ControlGroup>> Idle = new();
    private static long _made;
    private readonly List<string> _folders = [];
    private readonly (long Memory, int Processes) _limits;
    private long _killedBefore;

    static ControlGroup() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var group in Idle.Values.SelectMany(groups => groups)) group.Remove();
    };

    private ControlGroup(long memory, int processes) => _limits = (memory, processes);

    /// <summary>Whether this machine lets this user make such groups, of which some bound memory.</summary>
    public static bool IsAvailable => Places.Value.Any(place => place.BoundsMemory);

    public IEnumerable<string> Doors => _folders.Select(folder => Path.Combine(folder, "cgroup.procs"));

    // Since it was rented.
    public bool RanOutOfMemory => Killed > _killedBefore;

    /// <summary>
    /// A group without processes; null where none can be made. Making and removing one takes the kernel longer than starting a process, so those
    /// that are done with are used again.
    /// </summary>
    public static ControlGroup? Rent(long memory, int processes)
    {
        if (Places.Value.Count == 0) return null;
        var idle = Idle.GetOrAdd((memory, processes), _ => []);
        if (idle.TryTake(out var group))
        {
            if (group.IsEmpty)
            {
                group._killedBefore = group.Killed;
                return group;
            }
            idle.Add(group); // its last process is still on its way out
        }
        return Make(memory, processes);
    }

    public void Dispose() => Idle.GetOrAdd(_limits, _ => []).Add(this);

    // The dead count until they are buried.
    private bool IsEmpty => _folders.TrueForAll(folder =>
        File.ReadAllText(Path.Combine(folder, "cgroup.procs")) == "" && Number(Path.Combine(folder, "pids.current")) == 0);

    private long Killed => _folders.Sum(folder =>
        Counter(Path.Combine(folder, "memory.events"), "oom_kill ") + Counter(Path.Combine(folder, "memory.oom_control"), "oom_kill "));

    private static ControlGroup? Make(long memory, int processes)
    {
        var group = new ControlGroup(memory, processes);
        var name = $"flowrl-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}";
        try
        {
            foreach (var (parent, _) in Places.Value)
            {
                var folder = Path.Combine(parent, name);
                Directory.CreateDirectory(folder);
                group._folders.Add(folder);
                foreach (var file in MemoryLimits) Set(folder, file, memory);
                Set(folder, "memory.swap.max", 0);
                Set(folder, "pids.max", processes);
            }
            return group;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            group.Remove();
            return null;
        }
    }

    private void Remove()
    {
        foreach (var folder in _folders.Where(Directory.Exists))
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // A process is left in it; the next run of this library sweeps it up.
            }
        }
    }

    private static IEnumerable<string> Find()
    {
        if (!File.Exists("/proc/self/cgroup")) yield break;
        foreach (var line in File.ReadAllLines("/proc/self/cgroup"))
        {
            var parts = line.Split(':', 3);
            var below = parts[2].TrimStart('/');
            if (parts[1] == "" && File.Exists("/sys/fs/cgroup/cgroup.controllers")) yield return Path.Combine("/sys/fs/cgroup", below);
            else if (parts[1] is "memory" or "pids") yield return Path.Combine("/sys/fs/cgroup", parts[1], below);
        }
    }

    // A version 2 group that holds processes gives its children no controllers, so what counts is whether the limit's file appears.
    private static Place? Try(string folder)
    {
        var trial = Path.Combine(folder, $"flowrl-{Environment.ProcessId}-trial");
        try
        {
            Sweep(folder);
            Directory.CreateDirectory(trial);
            var boundsMemory = MemoryLimits.Any(file => File.Exists(Path.Combine(trial, file)));
            return boundsMemory || File.Exists(Path.Combine(trial, "pids.max")) ? new Place(folder, boundsMemory) : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            if (Directory.Exists(trial)) Directory.Delete(trial);
        }
    }

    // What a process that was killed left behind.
    private static void Sweep(string folder)
    {
        foreach (var left in Directory.EnumerateDirectories(folder, "flowrl-*"))
        {
            if (Directory.Exists($"/proc/{Path.GetFileName(left).Split('-')[1]}") || File.ReadAllText(Path.Combine(left, "cgroup.procs")) != "") continue;
            Directory.Delete(left);
        }
    }

    private static void Set(string folder, string file, long value)
    {
        var path = Path.Combine(folder, file);
        if (File.Exists(path)) File.WriteAllText(path, value.ToString(CultureInfo.InvariantCulture));
    }

    private static long Number(string path) => File.Exists(path) ? long.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture) : 0;

    private static long Counter(string path, string name) => File.Exists(path)
        ? File.ReadLines(path).Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Select(line => long.Parse(line[name.Length..], CultureInfo.InvariantCulture)).FirstOrDefault()
        : 0;

    /// <summary>A folder in which this user may make groups.</summary>
    private sealed record Place(string Folder, bool BoundsMemory);
}
