using System.Globalization;

namespace FlowRL.Files;

/// <summary>
/// What this process may hold at most, so that what cannot fit is refused before it is allocated: afterwards the system ends the process without a word.
/// </summary>
internal static class MachineMemory
{
    private const string Groups = "/sys/fs/cgroup";

    /// <summary>Bytes: the machine's memory and swap, or less where a control group bounds it.</summary>
    public static long Bytes { get; } = Math.Min(OfMachine(), OfGroup());

    /// <summary>Bytes that nothing uses now, or could be made free at once.</summary>
    public static long Free => Kernel("MemAvailable") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Refuses what is larger than the whole memory; what only may be too large is let through.</summary>
    /// <param name="what">What needs it, as the beginning of a sentence.</param>
    /// <param name="parts">Bytes by what holds them.</param>
    /// <param name="advice">What to change.</param>
    /// <param name="most">Bytes that there are; this machine's where null.</param>
    /// <exception cref="BadInputException">It cannot fit.</exception>
    public static void Require(string what, IEnumerable<KeyValuePair<string, long>> parts, string advice, long? most = null)
    {
        var (named, limit) = (parts.Where(part => part.Value > 0).ToList(), most ?? Bytes);
        var needed = named.Aggregate(default(Int128), (sum, part) => sum + part.Value);
        if (needed <= limit) return;
        var list = named.Count > 1 ? $" ({string.Join(", ", named.Select(part => $"{part.Key} {Size(part.Value)}"))})" : "";
        throw new BadInputException(
            $"{what} needs at least {Size((double)needed)} of memory{list}, and {Size(limit)} is all that this machine gives; {advice}.");
    }

    /// <summary>Bytes as people say them.</summary>
    public static string Size(double bytes) => bytes >= 1e9 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");

    private static long OfMachine() => Kernel("MemTotal", "SwapTotal") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The sum of what the kernel says under these names (proc_meminfo(5)), in bytes; null where it says nothing.</summary>
    private static long? Kernel(params string[] names)
    {
        if (!File.Exists("/proc/meminfo")) return null;
        var found = File.ReadLines("/proc/meminfo").Select(line => line.Split((char[])[' ', ':'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is [var name, _, ..] && names.Contains(name))
            .Select(words => long.Parse(words[1], CultureInfo.InvariantCulture) << 10).ToList();
        return found.Count > 0 ? found.Sum() : null;
    }

    /// <summary>The tightest limit of the control groups above this process, of either version.</summary>
    private static long OfGroup()
    {
        try
        {
            return File.ReadLines("/proc/self/cgroup").Select(line => line.Split(':')).Where(parts => parts is [_, "" or "memory", _])
                .SelectMany(parts => Limits(parts[1], parts[2].Trim('/'))).DefaultIfEmpty(long.MaxValue).Min();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue; // a system without them
        }
    }

    // In a container the group's path may be that of the host, and its own limit stands at the root.
    private static IEnumerable<long> Limits(string controller, string path)
    {
        for (var below = path; ; below = Path.GetDirectoryName(below) ?? "")
        {
            var file = Path.Combine(Groups, controller, below, controller == "" ? "memory.max" : "memory.limit_in_bytes");
            if (File.Exists(file) && long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit))
                yield return limit;
            if (below == "") yield break;
        }
    }
}
