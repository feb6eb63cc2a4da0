using System.Diagnostics;
using System.IO.Compression;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Packaging;

/// <summary>
/// The programs of examples/ run: in the repository as <c>dotnet run examples/objective.cs</c>, and in an empty folder with the package in place of the
/// project. Sizes are small here; what an example says of itself at its own size is in its page of docs/.
/// </summary>
public sealed class ExampleTests : IDisposable
{
    private static readonly string[] Quick =
        ["training.steps=2", "rollout.problems=2", "rollout.group_size=4", "training.mini_batch=8", "evaluation.validation_problems=4"];

    private static readonly (string Name, string[] Keys, string Says)[] Examples =
    [
        ("objective", ["rollout.problems=1", "rollout.group_size=8"], "after: "),
        ("reward", ["rollout.problems=1", "rollout.group_size=8"], "step 2: right "),
        ("task", ["evaluation.test_samples=4"], " different right answers in 4"),
        ("loop", [], "step 2: "),
    ];

    private readonly TemporaryFolder _folder = new();

    public ExampleTests() => Directory.CreateDirectory(_folder.In("data"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_example_is_run() => Assert.Equal(Examples.Select(example => example.Name).Order(StringComparer.Ordinal),
        Directory.GetFiles(Folder, "*.cs").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Examples_run_in_the_repository()
    {
        foreach (var (name, keys, says) in Examples)
            Assert.Contains(says, await RunAsync(Repository.Root, Path.Combine("examples", $"{name}.cs"), keys), StringComparison.Ordinal);

        // What an example defines is known to the tool by name, though copies of FlowRL and TorchSharp lie beside it.
        var built = Directory.GetFiles(_folder.Path, "objective.dll", SearchOption.AllDirectories).First(file => file.Contains("/bin/", StringComparison.Ordinal));
        var (code, output, error) = await CliProcess.RunAsync(_folder.Path, "train", "--assembly", built, "--set", "objective=mirror_descent", "--dry-run");
        Assert.True(code == 0, error);
        Assert.Contains("\nobjective:\n  type: mirror_descent\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examples_run_with_the_package()
    {
        await Dotnet.RunAsync(Repository.Root, "pack", "src/FlowRL/FlowRL.csproj", "-c", "Release", "--no-build", "-o", _folder.In("feed"),
            "-p:PackageVersion=9.9.9");
        _folder.Write("nuget.config", $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><add key="feed" value="feed" /></packageSources>
              <fallbackPackageFolders><add key="cache" value="{Dotnet.PackageCache}" /></fallbackPackageFolders>
            </configuration>
            """);
        RequireReadme(_folder.In("feed", "FlowRL.9.9.9.nupkg"));
        foreach (var (name, keys, says) in Examples)
        {
            var text = File.ReadAllText(Path.Combine(Folder, $"{name}.cs"));
            Assert.StartsWith("#:project ../src/FlowRL/FlowRL.csproj\n", text, StringComparison.Ordinal);
            _folder.Write($"{name}.cs", text.Replace("#:project ../src/FlowRL/FlowRL.csproj\n", "#:package FlowRL@9.9.9\n", StringComparison.Ordinal));
            Assert.Contains(says, await RunAsync(_folder.Path, $"{name}.cs", keys), StringComparison.Ordinal);
        }
    }

    /// <summary>Pages that show how to write something of one's own show the examples.</summary>
    [Theory]
    [InlineData("objective", "method.md")]
    [InlineData("task", "tasks.md")]
    [InlineData("reward", "rewards.md")]
    [InlineData("loop", "training.md")]
    public void Pages_show_the_examples(string example, string page) => Assert.Contains(
        $"```csharp\n{File.ReadAllText(Path.Combine(Folder, $"{example}.cs"))}```\n", File.ReadAllText(Path.Combine(Repository.Root, "docs", page)),
        StringComparison.Ordinal);

    /// <summary>What the package says of itself shows the loop, with the package in place of the project.</summary>
    private static void RequireReadme(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        using var nuspec = new StreamReader(zip.GetEntry("FlowRL.nuspec")!.Open());
        Assert.Contains("<readme>README.md</readme>", nuspec.ReadToEnd(), StringComparison.Ordinal);
        using var readme = new StreamReader(zip.GetEntry("README.md")!.Open());
        var loop = File.ReadAllText(Path.Combine(Folder, "loop.cs")).Replace("#:project ../src/FlowRL/FlowRL.csproj", "#:package FlowRL@0.1.0", StringComparison.Ordinal)
            .Replace("dotnet run examples/loop.cs", "dotnet run loop.cs", StringComparison.Ordinal);
        Assert.Contains($"```csharp\n{loop}```\n", readme.ReadToEnd(), StringComparison.Ordinal);
    }

    private static string Folder => Path.Combine(Repository.Root, "examples");

    private async Task<string> RunAsync(string folder, string file, string[] keys)
    {
        string[] arguments = ["run", file, "--", .. Quick, .. keys, $"run.folder={_folder.In("runs")}"];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder };
        start.Environment["XDG_DATA_HOME"] = _folder.In("data"); // where the SDK builds such programs
        start.Environment["NuGetAudit"] = "false";
        start.Environment["CreateHardLinksForCopyLocalIfPossible"] = "true"; // libtorch has half a gigabyte
        return await Dotnet.OutputAsync(start);
    }
}
