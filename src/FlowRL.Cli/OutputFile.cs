using System.Text;

namespace FlowRL.Cli;

/// <summary>A text file that is there whole or not at all: written beside its place, then moved.</summary>
internal static class OutputFile
{
    public static T Write<T>(string path, Func<TextWriter, T> write)
    {
        if (Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
        {
            // A device or a pipe is written to, never replaced.
            using var device = new StreamWriter(path, append: true, new UTF8Encoding(false)) { NewLine = "\n" };
            return write(device);
        }
        var partial = $"{path}.partial";
        try
        {
            T result;
            using (var writer = new StreamWriter(partial, append: false, new UTF8Encoding(false)) { NewLine = "\n" }) result = write(writer);
            File.Move(partial, path, overwrite: true);
            return result;
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new BadInputException(
                $"--out: there is no folder {Path.GetDirectoryName(Path.GetFullPath(path))}; create it, or give another path.", missing);
        }
        finally
        {
            if (File.Exists(partial)) File.Delete(partial);
        }
    }
}
