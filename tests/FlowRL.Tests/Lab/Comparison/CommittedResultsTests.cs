using System.IO.Compression;
using System.Text.Json.Nodes;
using FlowRL.Configuration;
using FlowRL.Lab.Comparison;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Lab.Comparison;

/// <summary>The comparisons under results/: older files are read by what is newer, to the same numbers.</summary>
public sealed class CommittedResultsTests
{
    public static TheoryData<string> All => [.. Directory.GetDirectories(Path.Combine(Repository.Root, "results"), "compare-*")
        .Where(folder => Directory.GetFiles(folder, "tested.json.gz", SearchOption.AllDirectories).Length > 0).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public void Tests_give_the_numbers_that_were_committed(string name)
    {
        using var scratch = new TemporaryFolder();
        var folder = Path.Combine(Repository.Root, "results", name);
        var recipe = OptionsFile.Load<CompareRecipe>(Path.Combine(folder, "comparison.yaml"));
        Assert.Empty(recipe.Claims);
        var committed = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "comparison.json")))!["objectives"]!.AsObject();
        foreach (var (objective, numbers) in committed)
        {
            foreach (var seed in numbers!["seeds"]!.AsArray().Select(seed => seed!))
            {
                var run = scratch.In((string)seed["run"]!);
                Directory.CreateDirectory(run);
                using (var packed = new GZipStream(File.OpenRead(Path.Combine(folder, (string)seed["run"]!, "tested.json.gz")), CompressionMode.Decompress))
                using (var whole = File.Create(Path.Combine(run, "tested.json"))) packed.CopyTo(whole);
                var tested = RunTests.Read(run, recipe.Tests)!;
                var of = ComparedSeed.Of(new PlannedRun(objective, (long)seed["seed"]!, run, null!), tested.Best);
                Assert.Equal((double)seed["accuracy"]!, of.Accuracy!.Value, 1e-12);
                Assert.Equal((double)seed["distinct_correct"]!, of.DistinctCorrect!.Value, 1e-12);
                Assert.Equal((double?)seed["coverage"] ?? -1, of.Coverage ?? -1, 1e-12);
                Assert.Equal((int)seed["best_step"]!, of.BestStep);
            }
        }
    }
}
