using System.Text.Json;
using Microsoft.CodeAnalysis;

namespace FlowRL.Architecture;

/// <summary>The libraries that the source names but does not hold.</summary>
public static class Libraries
{
    /// <summary>.NET's own, those that this process runs on.</summary>
    public static IReadOnlyList<MetadataReference> OfDotNet { get; } = [.. OwnPaths().Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>.NET's and the packages that the tool was restored with, which has all of the other projects' too.</summary>
    /// <exception cref="FileNotFoundException">Nothing was restored.</exception>
    public static IReadOnlyList<MetadataReference> OfRepository(string root)
    {
        var assets = Path.Combine(root, "src", "FlowRL.Cli", "obj", "project.assets.json");
        if (!File.Exists(assets)) throw new FileNotFoundException($"'{assets}' is missing: run 'dotnet restore' first.");
        return [.. OfDotNet, .. Packages(assets).Select(path => MetadataReference.CreateFromFile(path))];
    }

    private static IEnumerable<string> OwnPaths()
    {
        var folder = Path.GetDirectoryName(typeof(object).Assembly.Location);
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == folder);
    }

    private static List<string> Packages(string assets)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(assets));
        var (top, found) = (document.RootElement, new List<string>());
        var folders = top.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
        foreach (var package in top.GetProperty("targets").EnumerateObject().First(target => !target.Name.Contains('/')).Value.EnumerateObject())
        {
            if (package.Value.GetProperty("type").GetString() != "package" || !package.Value.TryGetProperty("compile", out var compile)) continue;
            var path = top.GetProperty("libraries").GetProperty(package.Name).GetProperty("path").GetString()!;
            found.AddRange(compile.EnumerateObject().Where(file => file.Name.EndsWith(".dll", StringComparison.Ordinal))
                .Select(file => folders.Select(folder => Path.Combine(folder, path, file.Name)).First(File.Exists)));
        }
        return found;
    }
}
