namespace FlowRL.Tests;

/// <summary>What keeps the source readable side by side, and files about one thing.</summary>
public sealed class SourceTests
{
    private const int WidestLine = 160;
    private const int LongestFile = 400;

    [Fact]
    public void Lines_and_files_have_a_size_that_can_be_read()
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
        foreach (var (index, line) in lines.Index().Where(one => one.Item.Length > WidestLine)) yield return $"{name}:{index + 1} has {line.Length} characters";
    }
}
