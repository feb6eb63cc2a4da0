namespace FlowRL.Files;

/// <summary>Writes a folder whole or not at all: into a temporary one beside it, then renamed.</summary>
internal static class NewFolder
{
    /// <param name="path">Empty or not there yet.</param>
    /// <param name="write">Writes everything into the folder that it is given.</param>
    /// <exception cref="BadInputException">The folder cannot be made.</exception>
    public static void Write(string path, Action<string> write)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var temporary = $"{full}.tmp-{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"'{path}' cannot be made: {error.Message.TrimEnd('.')}. Give a folder in a writable place.", error);
        }
        try
        {
            write(temporary);
            if (Directory.Exists(full)) Directory.Delete(full);
            Directory.Move(temporary, full);
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
    }
}
