using System.Globalization;

namespace FlowRL.Sandbox;

/// <summary>
/// Keeps the files that this process has open from those that it starts. .NET hands on every one that was not opened to end with exec: what this
/// process was itself started with, what native libraries open, what other code means for children of its own. To mark all of them before each start
/// would take the last from those whom they are for, and would miss one that is opened between the mark and the start. To start processes without
/// .NET is no way either: as a container's first process it takes the status of every child, be it its own or not. So they are closed in the new
/// process, by a shell that closes files of any number; others know only those below ten.
/// </summary>
internal static class OpenFiles
{
    /// <summary>The shell, without which nothing is started.</summary>
    public const string Shell = "bash";

    private const string Name = "FDSize:";

    /// <summary>A number above all of theirs: the size of the kernel's table of them. Their limit is none, since it can be lowered later.</summary>
    public static int Bound => int.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(Name, StringComparison.Ordinal)).AsSpan(Name.Length), CultureInfo.InvariantCulture);

    /// <summary>The words that close all but standard input, output and errors, and then start in their place what follows them.</summary>
    /// <param name="before">What the shell does between the two, ending in <c>&amp;&amp;</c>.</param>
    /// <param name="redirections">What is open beside the three for what follows.</param>
    public static string[] Closed(string before = "", string redirections = "") =>
    [
        // Privileged, the shell heeds nothing that the environment says to shells. Its variable has a name that nobody else's has.
        $"/bin/{Shell}", "-p", "-c",
        "[[ -d /proc/self/fd ]] || exit 1; for flowrl in /proc/self/fd/*; do flowrl=${flowrl##*/}; if ((flowrl > 2)); then exec {flowrl}>&-; fi; done; " +
        $"{before}exec -- \"$@\" {redirections}",
        Shell,
    ];
}
