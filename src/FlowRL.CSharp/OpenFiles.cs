using System.Globalization;
using System.Runtime.InteropServices;

namespace FlowRL.CSharp;

/// <summary>What a process has open.</summary>
internal static partial class OpenFiles
{
    private const int GetFlags = 1, EndsWithExec = 1; // F_GETFD, FD_CLOEXEC

    /// <summary>
    /// Closes what this process was started with beside standard input, output and errors; it should have been started with none. The runtime opens its
    /// own files so that they end with exec; what does not has come through one.
    /// </summary>
    public static void CloseInherited()
    {
        foreach (var file in Directory.GetFileSystemEntries("/proc/self/fd"))
        {
            var number = int.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture);
            if (number > 2 && (Control(number, GetFlags, 0) & EndsWithExec) == 0) _ = Close(number);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int value);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
