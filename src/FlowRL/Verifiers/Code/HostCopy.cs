using System.Runtime.InteropServices;

namespace FlowRL.Verifiers.Code;

/// <summary>
/// A folder of copied files that every user may read, for programs that run as another. It is removed when it is disposed of, at the end of the
/// process, or, where that was killed, by the next command: whoever uses one holds its lock.
/// </summary>
internal sealed partial class HostCopy : IDisposable
{
    private const string Prefix = "flowrl-csharp-";
    private const string LockName = "lock";
    private const int CurrentFolder = -100, NoLinks = 0x100, OwnerAlone = 8, OwnerAt = 20; // AT_FDCWD, AT_SYMLINK_NOFOLLOW, STATX_UID, struct statx
    private static readonly TimeSpan MostToLock = TimeSpan.FromHours(1); // between a folder and its lock
    private readonly FileStream _lock;
    private bool _isRemoved;

    public HostCopy(IEnumerable<string> files)
    {
        Sweep(Path.GetTempPath());
        Folder = Directory.CreateTempSubdirectory(Prefix).FullName;
        _lock = new FileStream(Path.Combine(Folder, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        foreach (var file in files) File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Folder, (UnixFileMode)0b111_101_101);
        // Tasks live as long as the process, and nobody else removes it then.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    public string Folder { get; }

    public void Dispose()
    {
        if (_isRemoved) return;
        _isRemoved = true;
        Directory.Delete(Folder, recursive: true);
        _lock.Dispose();
    }

    /// <summary>Removes what processes left behind that were killed.</summary>
    /// <param name="place">Where copies are made.</param>
    public static void Sweep(string place)
    {
        foreach (var folder in Directory.EnumerateDirectories(place, Prefix + "*"))
        {
            try
            {
                // Anyone may make a folder of this name; what is another's, or leads elsewhere, is left alone.
                if (IsOwn(folder) && IsAbandoned(folder)) Directory.Delete(folder, recursive: true);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Another command is removing it.
            }
        }
    }

    private static bool IsAbandoned(string folder)
    {
        var file = Path.Combine(folder, LockName);
        if (!File.Exists(file)) return DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) > MostToLock;
        try
        {
            using var held = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsOwn(string folder)
    {
        var state = new byte[256];
        return !File.GetAttributes(folder).HasFlag(FileAttributes.ReparsePoint) && State(CurrentFolder, folder, NoLinks, OwnerAlone, state) == 0 &&
            BitConverter.ToUInt32(state, OwnerAt) == User();
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int State(int folder, string path, int flags, uint wanted, [Out] byte[] state);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint User();
}
