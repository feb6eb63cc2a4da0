using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlowRL.Tests.Packaging;

/// <summary>
/// Runs commands as on a machine without .NET: in a mount namespace in which the folders of every installed one are empty, with an empty home and
/// no environment but a path. Commands stay outside of user namespaces where this process is root, and are the same user where it is not: they
/// make sandboxes of their own.
/// </summary>
internal sealed class BareMachine(string home, bool hasOpenssl = true)
{
    private const string HideOpenssl =
        """for file in $(/sbin/ldconfig -p | sed -n 's/.*libssl[.]so.*=> //p'); do mount --bind /dev/null "$file"; done""";

    private static readonly string[] Installed =
        [.. new[] { Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")), "/usr/share/dotnet", "/usr/lib/dotnet", "/usr/lib64/dotnet" }
            .Where(Directory.Exists).Distinct()];

    public async Task<(int ExitCode, string Output, string Error)> RunAsync(string folder, params string[] command)
    {
        var start = new ProcessStartInfo("bash") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])["-c", Enter, Hide(), .. command]) start.ArgumentList.Add(word);
        start.Environment.Clear();
        (start.Environment["PATH"], start.Environment["HOME"]) = ("/usr/bin:/bin", home);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private static string Enter => Environment.IsPrivilegedProcess
        ? "exec unshare --mount bash -c \"$0\" bash \"$@\""
        : "exec unshare --map-root-user --mount bash -c \"$0\" bash unshare --user --map-user=$UID --map-group=$(id -g) \"$@\"";

    private string Hide() => string.Join('\n',
        [
            "set -e",
            .. Installed.Select(folder => $"mount -t tmpfs none '{folder}'"),
            hasOpenssl ? "" : HideOpenssl,
            "if command -v dotnet; then echo 'dotnet is still there' >&2; exit 99; fi",
            "exec \"$@\"",
        ]);
}
