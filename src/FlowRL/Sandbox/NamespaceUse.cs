using System.Globalization;
using System.Runtime.InteropServices;

namespace FlowRL.Sandbox;

/// <summary>
/// What the kernel keeps for a sandbox without counting it as any process's memory: the files in its /tmp, which bubblewrap bounds by size but not in
/// number, and its sockets, with all that may be under way in them.
/// </summary>
internal static partial class NamespaceUse
{
    private const long FileBytes = 2048; // of an empty one, with its name: a thousand were measured
    private const string Sockets = "sockets: used ";

    // A socket takes what it is sent until that is this much, and the last piece may be half as much again.
    private static readonly Lazy<long> SocketBytes = new(() =>
        2 * long.Parse(File.ReadAllText("/proc/sys/net/core/wmem_default"), CultureInfo.InvariantCulture));

    /// <param name="inside">A process within the namespaces.</param>
    /// <param name="diskBytes">The size of its /tmp, by which that is told from this machine's, where the process still is when it begins.</param>
    public static long Bytes(int inside, long diskBytes)
    {
        try
        {
            return Files(inside, diskBytes) * FileBytes + OpenSockets(inside) * SocketBytes.Value;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0; // it ended while it was looked at
        }
    }

    private static long Files(int inside, long diskBytes)
    {
        var values = new ulong[16]; // struct statvfs: 1 unit, 2 units, 5 files that there may be, 6 files that there may still be
        return Status($"/proc/{inside}/root/tmp", values) == 0 && (long)(values[1] * values[2]) == diskBytes ? (long)(values[5] - values[6]) : 0;
    }

    private static long OpenSockets(int inside) => File.ReadLines($"/proc/{inside}/net/sockstat").FirstOrDefault() is { } line &&
        line.StartsWith(Sockets, StringComparison.Ordinal) ? long.Parse(line.AsSpan(Sockets.Length), CultureInfo.InvariantCulture) : 0;

    [LibraryImport("libc", EntryPoint = "statvfs", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(string path, [Out] ulong[] values);
}
