namespace FlowRL.Hub;

/// <summary>
/// That one process at a time writes a blob: the system's lock (flock) on a file beside the cache, as the hub's other tools take it. It goes with its
/// process, however that ends.
/// </summary>
internal static class HubLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="path">The file; made where it is missing.</param>
    /// <param name="waits">Told once, where another process has it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<IDisposable> TakeAsync(string path, Action waits, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var said = false;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryTake(path) is { } taken) return taken;
            if (!said) waits();
            said = true;
            await Task.Delay(Pause, cancellation);
        }
    }

    private static FileStream? TryTake(string path)
    {
        FileStream taken;
        try
        {
            // Without sharing, which the runtime asks the system for by flock.
            taken = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return null;
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
        if (!IsGone(taken)) return taken;
        taken.Dispose();
        return null;
    }

    // EWOULDBLOCK of Linux.
    private const int WouldBlock = 11;

    /// <summary>Whether its last owner has deleted the file between opening and locking, so that the next will lock another.</summary>
    private static bool IsGone(FileStream file)
    {
        var descriptor = new FileInfo(FormattableString.Invariant($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}"));
        return descriptor.LinkTarget?.EndsWith(" (deleted)", StringComparison.Ordinal) ?? false;
    }
}
