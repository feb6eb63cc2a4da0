using System.Text;

namespace FlowRL.Cli;

/// <summary>A text file that is there whole or not at all: written beside its place, then moved.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path;
    private readonly string? _partial;

    private OutputFile(string path)
    {
        _path = path;
        // A device or a pipe is written to, never replaced.
        if (IsDevice(path)) Writer = Open(path, append: true);
        else
        {
            Require("--out", path);
            Writer = Open(_partial = $"{path}.partial", append: false);
        }
    }

    public TextWriter Writer { get; }

    /// <summary>Whether a path is a device's or a pipe's.</summary>
    public static bool IsDevice(string path) => Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal);

    /// <summary>Refuses a path that no file can be at, before work is spent on what would go there.</summary>
    /// <exception cref="BadInputException">It is a folder, or lies in none.</exception>
    public static void Require(string option, string path)
    {
        if (Directory.Exists(path)) throw new BadInputException($"{option} {path}: is a folder; give the path of a file.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new BadInputException($"{option} {path}: there is no folder {folder}; create it, or give another path.");
    }

    /// <summary>Begins a file, which is then there once <see cref="Commit"/> was called.</summary>
    /// <exception cref="BadInputException">No file can be there.</exception>
    public static OutputFile Begin(string path) => new(path);

    /// <inheritdoc cref="Begin"/>
    public static T Write<T>(string path, Func<TextWriter, T> write)
    {
        using var file = Begin(path);
        var result = write(file.Writer);
        file.Commit();
        return result;
    }

    public void Commit()
    {
        Writer.Dispose();
        if (_partial is not null) File.Move(_partial, _path, overwrite: true);
    }

    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        finally
        {
            if (_partial is not null && File.Exists(_partial)) File.Delete(_partial);
        }
    }

    private static StreamWriter Open(string path, bool append) => new(path, append, new UTF8Encoding(false)) { NewLine = "\n" };
}
