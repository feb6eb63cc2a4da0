using System.Text.RegularExpressions;
using FlowRL.Architecture;
using FlowRL.Configuration;
using FlowRL.Objectives.DistributionMatching;

namespace FlowRL.Tests.Architecture;

/// <summary>The map of README.md and the pages of docs name what is there, under the name that it has now.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void The_readmes_map_shows_the_floors_in_their_order()
    {
        var map = Readme[Readme.IndexOf("\n    src/FlowRL/", StringComparison.Ordinal)..Readme.IndexOf("\n    src/FlowRL.Cli/", StringComparison.Ordinal)];
        var shown = MapEntry().Matches(map).Select(entry => entry.Groups[1].Value).ToList();

        var floors = House.Rooms.Select(room => room.Name).Where(name => !House.Projects.Contains(name));
        Assert.Equal(["src/FlowRL", .. floors, .. FoldersWithoutCode(), "src/FlowRL.Lab"], shown);
    }

    [Fact]
    public void The_readme_links_every_page_of_docs()
    {
        var pages = Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(page => Path.GetFileName(page)!).ToList();

        Assert.NotEmpty(pages);
        Assert.All(pages, page => Assert.Contains($"(docs/{page})", Readme, StringComparison.Ordinal));
    }

    [Fact]
    public void The_changes_name_every_preset()
    {
        var changes = File.ReadAllText(Path.Combine(Repository.Root, "CHANGELOG.md"));

        Assert.All(Enum.GetValues<FlowRLPreset>(), preset => Assert.Contains($"`{OptionNames.Of(preset.ToString())}`", changes, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_path_that_a_page_names_is_there()
    {
        var named = Pages().SelectMany(page => PathsOf(page).Select(path => (Page: page, Path: path))).ToList();

        Assert.True(named.Count > 20, "The pages name next to no paths.");
        Assert.Empty(named.Where(one => !Exists(one.Path)).Select(one => $"{one.Page} names {one.Path}, which is not there"));
    }

    [Theory]
    [InlineData("As `src/FlowRL/Data` and `./flowrl train recipes/modes.yaml` say.", "src/FlowRL/Data", "recipes/modes.yaml")]
    [InlineData("In `Data/CsvRows`, not in `runs/countdown-1` or `1/2`; see [there](docs/data.md), `recipes/*.yaml`.", "Data/CsvRows", "recipes/*.yaml")]
    public void Paths_are_told_from_other_words(string text, params string[] paths) => Assert.Equal(paths, PathsIn(text));

    [Theory]
    [InlineData("src/FlowRL/Data", true)]
    [InlineData("Data/CsvRows", true)]
    [InlineData("Data/CsvRows.cs", true)]
    [InlineData("recipes/mo*.yaml", true)]
    [InlineData("Data/ParquetColumns", false)]
    [InlineData("recipes/nothing*.yaml", false)]
    [InlineData("src/FlowRL/Comparison", false)]
    public void A_path_is_looked_for_from_the_root_and_from_the_library(string path, bool exists) => Assert.Equal(exists, Exists(path));

    /// <summary>What ships inside the library; <c>build</c> is what other projects build with.</summary>
    private static IEnumerable<string> FoldersWithoutCode()
    {
        var withCode = SourceFile.Below(Repository.Root, "src/FlowRL").Select(file => House.RoomOf(file.Path)).ToHashSet();
        return Directory.GetDirectories(Path.Combine(Repository.Root, "src", "FlowRL")).Select(folder => Path.GetFileName(folder)!)
            .Where(name => name is not ("bin" or "obj" or "build") && !withCode.Contains(name)).Order();
    }

    private static IEnumerable<string> Pages() => Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Order()
        .Select(page => $"docs/{Path.GetFileName(page)}").Append("README.md");

    private static IEnumerable<string> PathsOf(string page) => PathsIn(File.ReadAllText(Path.Combine(Repository.Root, page)));

    /// <summary>The words inside of backticks that begin with a folder of the repository or of the library.</summary>
    private static IEnumerable<string> PathsIn(string text) =>
        from code in Code().Matches(text)
        from word in code.Groups[1].Value.Split(' ')
        let path = word.Replace("./", "", StringComparison.Ordinal).TrimEnd('.', ',', ':')
        where Starts().IsMatch(path) || House.Rooms.Any(room => path.StartsWith($"{room.Name}/", StringComparison.Ordinal))
        select path;

    /// <summary>A file of C# may be named without its ending; a star stands for some files.</summary>
    private static bool Exists(string path) =>
        new[] { "", "src/FlowRL", "src/FlowRL.Lab" }.Select(folder => Path.Combine(Repository.Root, folder, path)).Any(full => full.Contains('*')
            ? Directory.Exists(Path.GetDirectoryName(full)) && Directory.EnumerateFiles(Path.GetDirectoryName(full)!, Path.GetFileName(full)).Any()
            : Directory.Exists(full) || File.Exists(full) || File.Exists($"{full}.cs"));

    [GeneratedRegex(@"^ {4,6}([\w./]+)/ ", RegexOptions.Multiline)]
    private static partial Regex MapEntry();

    [GeneratedRegex("(?<!`)`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^(src|tests|docs|recipes|benchmarks|results|data)/.")]
    private static partial Regex Starts();
}
