using System.Text.RegularExpressions;

namespace FlowRL.Tests;

/// <summary>What keeps the source readable side by side, and files about one thing.</summary>
public sealed partial class SourceTests
{
    private const int WidestLine = 160;
    private const int LongestFile = 400;

    [Fact]
    public void Files_are_about_one_thing_and_can_be_read_side_by_side()
    {
        var files = new[] { "src", "benchmarks" }.Select(folder => Path.Combine(Repository.Root, folder))
            .SelectMany(folder => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(Complaints));
    }

    [Fact]
    public void The_readme_maps_every_folder()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "src", "FlowRL")).Select(folder => Path.GetFileName(folder)!)
            .Where(name => name is not ("bin" or "obj" or "build")).ToList(); // what the build makes, and what it needs

        Assert.NotEmpty(folders);
        Assert.All(folders, name => Assert.Contains($"\n      {name}/", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void The_readme_links_every_page_of_docs()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var pages = Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(page => Path.GetFileName(page)!).ToList();

        Assert.NotEmpty(pages);
        Assert.All(pages, page => Assert.Contains($"(docs/{page})", readme, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Complaints(string file)
    {
        var (name, lines) = (Path.GetRelativePath(Repository.Root, file), File.ReadAllLines(file));
        if (lines.Length > LongestFile) yield return $"{name} has {lines.Length} lines";
        var types = lines.Count(line => PublicType().IsMatch(line));
        if (types > 1) yield return $"{name} has {types} public types";
        foreach (var (index, line) in lines.Index().Where(one => one.Item.Length > WidestLine)) yield return $"{name}:{index + 1} has {line.Length} characters";
    }

    /// <summary>At the margin: what is nested belongs to its type.</summary>
    [GeneratedRegex(@"^public ([a-z]+ )*(class|record|struct|interface|enum|delegate) ")]
    private static partial Regex PublicType();
}
