namespace FlowRL.Files;

/// <summary>What the kernel says of the processor (proc_cpuinfo(5)); nothing on systems without it.</summary>
internal static class MachineProcessor
{
    private const string File = "/proc/cpuinfo";

    /// <summary>Name and value of each line of the first processor.</summary>
    public static IEnumerable<(string Name, string Value)> Fields() => !System.IO.File.Exists(File) ? []
        : System.IO.File.ReadLines(File).TakeWhile(line => line.Length > 0).Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2).Select(parts => (parts[0], parts[1]));
}
