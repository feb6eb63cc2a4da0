using System.Globalization;

namespace FlowRL.Sandbox;

/// <summary>What a process and all its descendants use, from /proc.</summary>
internal static class ProcessTree
{
    private const int TicksASecond = 100; // USER_HZ, fixed on Linux for what /proc shows
    private static readonly long PageBytes = Environment.SystemPageSize;

    /// <param name="Seconds">Processor time, with that of descendants that have ended.</param>
    /// <param name="Bytes">Resident memory.</param>
    /// <param name="Waited">Seconds for which one of its processes could have run and no processor was free, of that for which they were most.</param>
    public readonly record struct Use(double Seconds, long Bytes, double Waited);

    public static Use Of(int root)
    {
        var (seconds, bytes, waited) = (0.0, 0L, 0.0);
        var waiting = new Stack<int>([root]);
        while (waiting.TryPop(out var process))
        {
            if (Fields(process) is not { } fields) continue;
            for (var field = 11; field < 15; field++) seconds += long.Parse(fields[field], CultureInfo.InvariantCulture) / (double)TicksASecond;
            bytes += long.Parse(fields[21], CultureInfo.InvariantCulture) * PageBytes;
            waited = Math.Max(waited, Waited(process));
            foreach (var child in Children(process)) waiting.Push(child);
        }
        return new Use(seconds, bytes, waited);
    }

    // Nanoseconds on a processor, nanoseconds in wait for one, turns; 0 from kernels that do not count them.
    private static double Waited(int process)
    {
        try
        {
            return long.Parse(File.ReadAllText($"/proc/{process}/schedstat").Split(' ')[1], CultureInfo.InvariantCulture) / 1e9;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    // The name, in brackets, may hold anything; what follows it begins with the state, the third field of proc(5).
    private static string[]? Fields(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The processes that a process has started and not yet buried.</summary>
    public static List<int> Children(int process)
    {
        var children = new List<int>();
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
            {
                var line = File.ReadAllText($"{thread}/children");
                children.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)));
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended while it was looked at.
        }
        return children;
    }
}
