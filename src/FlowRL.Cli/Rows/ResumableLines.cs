using System.Security.Cryptography;
using System.Text;

namespace FlowRL.Cli.Rows;

/// <summary>
/// A file of lines that a command which was stopped goes on with. It grows beside its place, under a name that tells the settings it was begun with, and
/// is moved there when it is complete.
/// </summary>
internal sealed class ResumableLines : IDisposable
{
    private readonly string _path;
    private readonly string _partial;
    private readonly FileStream _stream;

    /// <param name="path">Where the file is to be.</param>
    /// <param name="settings">All that decides what is in it: other settings begin anew.</param>
    /// <param name="lines">Lines that belong together; of what is there already, those that are complete are kept.</param>
    /// <exception cref="BadInputException">No file can be there, or another process is writing it.</exception>
    public ResumableLines(string path, IEnumerable<string> settings, int lines)
    {
        OutputFile.Require("--out", path);
        _path = path;
        _partial = $"{path}.partial-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', settings))))[..12]}";
        try
        {
            _stream = new FileStream(_partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(_partial))
        {
            throw new BadInputException($"--out {path}: another process is writing {_partial}; wait for it, or give another path.");
        }
        (Kept, var end) = Whole(_stream, lines);
        _stream.SetLength(end);
        _stream.Position = end;
        Writer = new SafeWriter(new StreamWriter(_stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" });
    }

    /// <summary>Groups of lines that were there already.</summary>
    public long Kept { get; }

    /// <summary>Takes further lines; what a model wrote is made harmless. To be flushed when a group is complete.</summary>
    public TextWriter Writer { get; }

    public void Commit()
    {
        Writer.Flush();
        _stream.Dispose();
        File.Move(_partial, _path, overwrite: true);
    }

    public void Dispose()
    {
        if (!_stream.CanRead) return; // it was committed
        var isEmpty = _stream.Length == 0;
        _stream.Dispose();
        if (isEmpty) File.Delete(_partial);
    }

    /// <summary>How many whole groups a stream begins with, and where the last of them ends.</summary>
    private static (long Groups, long End) Whole(Stream stream, int lines)
    {
        var buffer = new byte[1 << 16];
        var (groups, end, at, open) = (0L, 0L, 0L, 0);
        for (int read; (read = stream.Read(buffer)) > 0; at += read)
        {
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] != '\n' || ++open < lines) continue;
                (groups, end, open) = (groups + 1, at + i + 1, 0);
            }
        }
        return (groups, end);
    }
}
