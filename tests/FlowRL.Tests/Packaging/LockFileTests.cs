using System.Text.Json.Nodes;

namespace FlowRL.Tests.Packaging;

/// <summary>
/// The lock files say what is restored, wherever that is. That they fit the projects is checked before the tests (<c>dotnet restore --locked-mode</c>).
/// </summary>
public sealed class LockFileTests
{
    private const string Name = "packages.lock.json";

    public static TheoryData<string> Folders =>
        [.. new[] { "src", "tests", "benchmarks" }.SelectMany(folder => Directory.GetDirectories(Path.Combine(Repository.Root, folder)))
            .Where(folder => Directory.GetFiles(folder, "*.csproj").Length > 0).Select(folder => Path.GetRelativePath(Repository.Root, folder)),
            "examples"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_project_has_one_for_both_ways_of_building(string folder)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, folder, Name));
        var targets = JsonNode.Parse(text)!["dependencies"]!.AsObject();
        Assert.Equal(["net10.0", "net10.0/linux-x64"], targets.Select(target => target.Key));

        // Names, versions and hashes: nothing of the machine or the registry that they were written with.
        Assert.DoesNotContain("://", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/", text, StringComparison.Ordinal);
        var packages = targets.SelectMany(target => target.Value!.AsObject()).Select(package => package.Key).ToList();
        Assert.DoesNotContain(packages, name => name.Contains("Telemetry", StringComparison.OrdinalIgnoreCase)
            || name.Contains("ApplicationInsights", StringComparison.OrdinalIgnoreCase));
    }
}
