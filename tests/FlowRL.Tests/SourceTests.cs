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

    private static IEnumerable<string> Complaints(string file)
    {
        var (name, lines) = (Path.GetRelativePath(Repository.Root, file), File.ReadAllLines(file));
        if (lines.Length > LongestFile) yield return $"{name} has {lines.Length} lines";
        foreach (var (index, line) in lines.Index().Where(one => one.Item.Length > WidestLine)) yield return $"{name}:{index + 1} has {line.Length} characters";
    }
}
