using System.Text.RegularExpressions;
using FlowRL.Architecture;

namespace FlowRL.Tests.Architecture;

/// <summary>What keeps the source readable side by side, files about one thing, and folders small enough to be looked over.</summary>
public sealed partial class SourceTests
{
    private const int WidestLine = 160;
    private const int LongestFile = 400;
    private const int ShortFile = 15;
    private const int MostShortFiles = 30;
    private const int MostFilesOfFolder = 30;

    /// <summary>Folders of tests that mirror none of the library's: of other projects, of the repository as a whole, what tests share, and campaigns.</summary>
    private static readonly string[] OwnTestFolders = ["Support", "Golden", "Packaging", "Architecture", "Cli", "Lab", "Campaigns"];

    private static readonly IReadOnlyList<SourceFile> Source = SourceFile.Below(Repository.Root, "src");
    private static readonly IReadOnlyList<SourceFile> Tests = SourceFile.Below(Repository.Root, "tests");
    private static readonly IReadOnlyList<SourceFile> All = [.. Source, .. SourceFile.Below(Repository.Root, "benchmarks"), .. Tests];

    [Fact]
    public void Files_are_short()
    {
        Assert.NotEmpty(All);
        Assert.Empty(All.Select(file => (file.Path, LinesOf(file).Length)).Where(file => file.Length > LongestFile)
            .Select(file => $"{file.Path} has {file.Length} lines"));
    }

    /// <summary>Tests may put an expected text in one line.</summary>
    [Fact]
    public void Lines_can_be_read_side_by_side() => Assert.Empty(
        from file in All
        where !file.Path.StartsWith("tests/FlowRL.Tests/", StringComparison.Ordinal)
        from line in LinesOf(file).Index()
        where line.Item.Length > WidestLine
        select $"{file.Path}:{line.Index + 1} has {line.Item.Length} characters");

    [Fact]
    public void What_says_little_stands_with_what_it_is_about()
    {
        var few = Source.Where(file => file.Path.StartsWith("src/FlowRL/", StringComparison.Ordinal) && LinesOf(file).Length < ShortFile)
            .Select(file => file.Path).ToList();
        Assert.True(few.Count <= MostShortFiles, $"{few.Count} files of src/FlowRL have fewer than {ShortFile} lines: {string.Join(", ", few)}");
    }

    [Fact]
    public void Folders_can_be_looked_over()
    {
        Assert.NotEmpty(Source);
        Assert.Empty(Source.GroupBy(file => file.Folder).Where(files => files.Count() > MostFilesOfFolder)
            .Select(files => $"{files.Key} has {files.Count()} files"));
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        Assert.Contains(All, file => Namespace().IsMatch(file.Text));
        Assert.Empty(All.Where(file => (NamespaceOf(file) ?? NameOf(file.Folder)) != NameOf(file.Folder))
            .Select(file => $"{file.Path} says namespace {NamespaceOf(file)}"));
    }

    [Fact]
    public void Tests_lie_as_what_they_test_does()
    {
        var folders = Tests.Select(file => file.Path.Split('/')).Where(path => path is [_, "FlowRL.Tests", _, _, ..])
            .Select(path => path[2]).Distinct().ToList();
        Assert.Contains("Architecture", folders);
        Assert.Empty(folders.Except(OwnTestFolders).Where(folder => !Directory.Exists(Path.Combine(Repository.Root, "src", "FlowRL", folder)))
            .Select(folder => $"tests/FlowRL.Tests/{folder} tests no folder of src/FlowRL"));
    }

    /// <summary>A run is repeated from its seed; a test that sleeps waits too long, or on a busy machine not long enough.</summary>
    [Fact]
    public void Nothing_is_drawn_without_a_seed_and_no_test_sleeps()
    {
        Assert.Empty(PlacesOf(Unseeded(), All));
        Assert.Empty(PlacesOf(Sleep(), Tests));
    }

    private static IEnumerable<string> PlacesOf(Regex pattern, IReadOnlyList<SourceFile> files) =>
        from file in files
        from line in LinesOf(file).Index()
        where pattern.IsMatch(line.Item)
        select $"{file.Path}:{line.Index + 1}";

    private static string[] LinesOf(SourceFile file) => file.Text.TrimEnd('\n').Split('\n');

    /// <summary>Without src, tests or benchmarks.</summary>
    private static string NameOf(string folder) => string.Join('.', folder.Split('/').Skip(1));

    /// <summary>Null for a file that declares nothing, such as a program's statements.</summary>
    private static string? NamespaceOf(SourceFile file) => Namespace().Match(file.Text) is { Success: true } found ? found.Groups[1].Value : null;

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    /// <summary>Random numbers of .NET's own seed, and tensors of the library's own generator.</summary>
    [GeneratedRegex(@"Random\.Shared|new Random\(\)|(?<!\w)(rand|randn|randint|randperm|multinomial|bernoulli)\((?!.*generator)")]
    private static partial Regex Unseeded();

    [GeneratedRegex(@"Thread\.Sleep\((?!-1)|Task\.Delay\((?!Timeout\.Infinite)|SpinUntil\(")]
    private static partial Regex Sleep();
}
