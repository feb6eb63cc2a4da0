using System.Runtime.InteropServices;

namespace FlowRL.Files;

/// <summary>The disk operations that durability rests on, in one place so that a test can make each of them fail.</summary>
internal partial class Disk
{
    public static Disk Real { get; } = new();

    public virtual Stream Create(string path) => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);

    public virtual void Sync(Stream stream)
    {
        if (stream is FileStream file) file.Flush(flushToDisk: true);
        else stream.Flush();
    }

    public virtual void SyncFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        file.Flush(flushToDisk: true);
    }

    public virtual void MoveFile(string from, string to) => File.Move(from, to, overwrite: true);

    public virtual void DeleteFile(string path) => File.Delete(path);

    public virtual void CreateFolder(string path) => Directory.CreateDirectory(path);

    public virtual void MoveFolder(string from, string to) => Directory.Move(from, to);

    public virtual void DeleteFolder(string path) => Directory.Delete(path, recursive: true);

    /// <summary>Makes renames inside <paramref name="path"/> survive a power cut; .NET has no call for it.</summary>
    public virtual void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        const int readOnly = 0;
        var descriptor = Open(path, readOnly);
        if (descriptor < 0) throw new IOException($"The folder {path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        var failed = Fsync(descriptor) != 0;
        var reason = Marshal.GetLastPInvokeErrorMessage();
        var number = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        // EINVAL: a file system that has no such operation for folders, and needs none.
        const int invalid = 22;
        if (failed && number != invalid) throw new IOException($"The folder {path} cannot be flushed to disk: {reason}.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
