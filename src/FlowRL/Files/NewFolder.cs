namespace FlowRL.Files;

/// <summary>
/// Writes a folder whole or not at all: into a temporary one beside it, then renamed. A temporary folder is locked while it is written, so that the next
/// writer knows those of processes that were killed, and removes them.
/// </summary>
internal static class NewFolder
{
    private const string LockName = ".writing";

    /// <summary>Refuses a folder that holds something, before work is spent on what would go there.</summary>
    /// <exception cref="BadInputException">It is a file, or holds something.</exception>
    public static void RequireFree(string path)
    {
        if (Path.Exists(path) && (!Directory.Exists(path) || Directory.EnumerateFileSystemEntries(path).Any()))
            throw new BadInputException($"'{path}' is not empty, and nothing is overwritten; give a folder that is empty or not there yet.");
    }

    /// <param name="path">Empty or not there yet.</param>
    /// <param name="write">Writes everything into the folder that it is given.</param>
    /// <exception cref="BadInputException">The folder cannot be made.</exception>
    public static void Write(string path, Action<string> write)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var temporary = $"{full}.tmp-{Guid.NewGuid():N}";
        FileStream writing;
        try
        {
            Directory.CreateDirectory(temporary);
            writing = Lock(temporary, FileMode.CreateNew);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"'{path}' cannot be made: {error.Message.TrimEnd('.')}. Give a folder in a writable place.", error);
        }
        using (writing)
        {
            try
            {
                ClearLeftovers(Path.GetDirectoryName(full)!);
                write(temporary);
                File.Delete(Path.Combine(temporary, LockName));
                if (Directory.Exists(full)) Directory.Delete(full);
                Directory.Move(temporary, full);
            }
            finally
            {
                if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static FileStream Lock(string folder, FileMode mode) =>
        new(Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None);

    private static void ClearLeftovers(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, "*.tmp-*").Where(AtomicFile.IsLeftover))
        {
            try
            {
                using (Lock(folder, FileMode.Open)) Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody writes it, or it is not ours.
            }
        }
    }
}
