using System.Text.RegularExpressions;
using FlowRL.Configuration;
using FlowRL.Objectives.DistributionMatching;

namespace FlowRL.Tests;

/// <summary>What keeps the source readable side by side, and files about one thing.</summary>
public sealed partial class SourceTests
{
    private const int WidestLine = 160;
    private const int LongestFile = 400;

    [Fact]
    public void Files_are_about_one_thing_and_can_be_read_side_by_side()
    {
        var files = Files("src", "benchmarks");

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(Complaints));
    }

    /// <summary>A run is repeated from its seed; a test that sleeps waits too long, or on a busy machine not long enough.</summary>
    [Fact]
    public void Nothing_is_drawn_without_a_seed_and_no_test_sleeps()
    {
        Assert.Empty(Lines(Unseeded(), "src", "benchmarks", "tests"));
        Assert.Empty(Lines(Sleep(), "tests"));
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

    [Fact]
    public void The_changes_name_every_preset()
    {
        var changes = File.ReadAllText(Path.Combine(Repository.Root, "CHANGELOG.md"));

        Assert.All(Enum.GetValues<FlowRLPreset>(), preset => Assert.Contains($"`{OptionNames.Of(preset.ToString())}`", changes, StringComparison.Ordinal));
    }

    private static List<string> Files(params string[] folders) => [.. folders.Select(folder => Path.Combine(Repository.Root, folder))
        .SelectMany(folder => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))];

    private static IEnumerable<string> Lines(Regex pattern, params string[] folders) => Files(folders).SelectMany(file =>
        File.ReadLines(file).Index().Where(line => pattern.IsMatch(line.Item))
            .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}"));

    private static IEnumerable<string> Complaints(string file)
    {
        var (name, lines) = (Path.GetRelativePath(Repository.Root, file), File.ReadAllLines(file));
        if (lines.Length > LongestFile) yield return $"{name} has {lines.Length} lines";
        var types = lines.Count(line => PublicType().IsMatch(line));
        if (types > 1) yield return $"{name} has {types} public types";
        foreach (var (index, line) in lines.Index().Where(one => one.Item.Length > WidestLine)) yield return $"{name}:{index + 1} has {line.Length} characters";
    }

    /// <summary>Random numbers of .NET's own seed, and tensors of the library's own generator.</summary>
    [GeneratedRegex(@"Random\.Shared|new Random\(\)|(?<!\w)(rand|randn|randint|randperm|multinomial|bernoulli)\((?!.*generator)")]
    private static partial Regex Unseeded();

    [GeneratedRegex(@"Thread\.Sleep\((?!-1)|Task\.Delay\((?!Timeout\.Infinite)|SpinUntil\(")]
    private static partial Regex Sleep();

    /// <summary>At the margin: what is nested belongs to its type.</summary>
    [GeneratedRegex(@"^public ([a-z]+ )*(class|record|struct|interface|enum|delegate) ")]
    private static partial Regex PublicType();
}
