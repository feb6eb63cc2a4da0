namespace FlowRL.Files;

/// <summary>
/// Files that recipes name and that ship beside the program, at the same path as in the repository: <c>data/word-problems/train.jsonl</c>. So a
/// packaged recipe finds its data from whatever folder the command runs in.
/// </summary>
internal static class ShippedFile
{
    /// <summary>The file at a path of the user's; where there is none and the path is relative, the one that ships; null where there is neither.</summary>
    public static string? Find(string path)
    {
        if (File.Exists(path)) return path;
        // Nothing outside of the program's own folder: a path with dots is the user's.
        if (Path.IsPathRooted(path) || path.Split('/', '\\').Contains("..")) return null;
        var shipped = Path.Combine(AppContext.BaseDirectory, path);
        return File.Exists(shipped) ? shipped : null;
    }
}
