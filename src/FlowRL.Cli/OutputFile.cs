using System.Text;

namespace FlowRL.Cli;

/// <summary>A text file that is there whole or not at all: written beside its place, then moved.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a path that no file can be at, before work is spent on what would go there.</summary>
    /// <exception cref="BadInputException">It is a folder, or lies in none.</exception>
    public static void Require(string option, string path)
    {
        if (Directory.Exists(path)) throw new BadInputException($"{option} {path}: is a folder; give the path of a file.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new BadInputException($"{option} {path}: there is no folder {folder}; create it, or give another path.");
    }

    public static T Write<T>(string path, Func<TextWriter, T> write)
    {
        if (Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
        {
            // A device or a pipe is written to, never replaced.
            using var device = new StreamWriter(path, append: true, new UTF8Encoding(false)) { NewLine = "\n" };
            return write(device);
        }
        Require("--out", path);
        var partial = $"{path}.partial";
        try
        {
            T result;
            using (var writer = new StreamWriter(partial, append: false, new UTF8Encoding(false)) { NewLine = "\n" }) result = write(writer);
            File.Move(partial, path, overwrite: true);
            return result;
        }
        finally
        {
            if (File.Exists(partial)) File.Delete(partial);
        }
    }
}
