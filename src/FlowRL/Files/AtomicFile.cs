using System.Text;
using System.Text.RegularExpressions;

namespace FlowRL.Files;

/// <summary>Writes a file whole or not at all: into a temporary file beside it, flushed to disk, then renamed.</summary>
internal static partial class AtomicFile
{
    /// <exception cref="IOException">The disk is full or failing; the message says what was being saved and how much it needs.</exception>
    public static void Write(string path, long bytes, Action<Stream> write, Disk disk)
    {
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.tmp-{Guid.NewGuid():N}";
        try
        {
            using (var stream = disk.Create(temporary))
            {
                write(stream);
                disk.Sync(stream);
            }
            disk.MoveFile(temporary, full);
            disk.SyncFolder(Path.GetDirectoryName(full)!);
        }
        catch (IOException e)
        {
            throw new IOException(
                $"{path} could not be saved; it needs {bytes} bytes: {e.Message.TrimEnd('.')}. " +
                "Free some space or choose another folder; what was saved before is untouched.", e);
        }
        finally
        {
            if (File.Exists(temporary)) disk.DeleteFile(temporary);
        }
    }

    /// <summary>Removes what writes left in a folder whose process was killed. Nothing else may be writing there.</summary>
    public static void ClearLeftovers(string folder)
    {
        foreach (var left in Directory.EnumerateFiles(folder, "*.tmp-*").Where(IsLeftover)) File.Delete(left);
    }

    /// <summary>Whether a name is that of something half written.</summary>
    public static bool IsLeftover(string path) => Leftover().IsMatch(path);

    [GeneratedRegex(@"\.tmp-[0-9a-f]{32}$")]
    private static partial Regex Leftover();

    public static void Write(string path, byte[] content, Disk disk) => Write(path, content.Length, s => s.Write(content), disk);

    /// <summary>Writes a text in UTF-8.</summary>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text), Disk.Real);
}
