namespace FlowRL.Architecture;

/// <summary>A file of C#.</summary>
/// <param name="Path">From the repository's root, with slashes.</param>
/// <param name="Text">What it holds.</param>
public sealed record SourceFile(string Path, string Text)
{
    /// <summary>The folder that the file lies in, from the repository's root.</summary>
    public string Folder => Path[..Path.LastIndexOf('/')];

    /// <summary>The files below a folder, in ordinal order, without what a build leaves there.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="folder">From the root, with slashes.</param>
    public static IReadOnlyList<SourceFile> Below(string root, string folder) =>
        [.. Directory.EnumerateFiles(System.IO.Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(System.IO.Path.Combine(root, path))))];
}
