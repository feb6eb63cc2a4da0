using System.Globalization;

namespace FlowRL.Sandbox;

/// <summary>The files that this process has open.</summary>
internal static class OpenFiles
{
    private const string Name = "FDSize:";

    /// <summary>A number above all of theirs: the size of the kernel's table of them. Their limit is none, since it can be lowered later.</summary>
    public static int Bound => int.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(Name, StringComparison.Ordinal)).AsSpan(Name.Length), CultureInfo.InvariantCulture);
}
