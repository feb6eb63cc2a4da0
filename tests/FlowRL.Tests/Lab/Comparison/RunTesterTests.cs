using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Configuration;
using FlowRL.Files;
using FlowRL.Lab.Comparison;
using FlowRL.Tasks;
using FlowRL.Telemetry;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Lab.Comparison;

/// <summary>Tests of trained runs, with a model that is trained for a moment.</summary>
public sealed class RunTesterTests
{
    private const string Recipe = """
        train:
          task: countdown
          model: {create: {width: 16, layers: 1, heads: 2, key_value_heads: 1, feed_forward_width: 24, context_length: 64}}
          objective: flowrl
          rollout: {problems: 2, group_size: 4, slots: 8, sampling: {max_new_tokens: 12}}
          training: {steps: 4, mini_batch: 8}
          evaluation: {every: 2, validation_problems: 2, validation_samples: 2, sampling: {max_new_tokens: 12}}
        seeds: [1]
        evaluation: {problems: 3, samples: 4, k: [1, 4], fronts: {temperatures: [0.5, 1]}}
        objectives: {flowrl: {}}

        """;

    [Fact]
    public async Task Each_setting_is_sampled_once_and_what_is_lost_is_sampled_again_to_the_same_numbers()
    {
        using var folder = new TemporaryFolder();
        var plan = ComparisonPlan.Of(OptionsFile.Parse<CompareRecipe>(Recipe, "compare.yaml", [$"folder={folder.In("out")}"]), _ => throw new InvalidOperationException());
        Assert.Equal(["step 4 of run, T 1", "step 4 of run, T 0.5", "step 4 of run, T 1", "step 4 of run, T 0.6, top-p 0.95", "step 0 of base, T 1",
            "step 0 of base, T 0.5", "step 0 of base, T 1", "step 0 of base, T 0.6, top-p 0.95"], (await Run(plan)).Select(line => line.Replace("step 2", "step 4", StringComparison.Ordinal)));
        var lost = folder.In("out", "flowrl", "seed-1", "front-t0.5.json");
        var before = Numbers(lost);
        Assert.NotEqual(before, Numbers(folder.In("out", "flowrl", "seed-1", "front-t1.json")));
        File.Delete(lost);
        await File.WriteAllTextAsync(folder.In("out", "base", "seed-1", "front-t1.json"), "{\"half");
        Assert.Equal(["step 4 of run, T 0.5", "step 0 of base, T 1"], await Run(plan));
        Assert.Equal(before, Numbers(lost));
        Assert.Empty(await Run(plan));
    }

    [Fact]
    public async Task The_responses_lie_beside_the_numbers_that_were_counted_from_them()
    {
        using var folder = new TemporaryFolder();
        var plan = ComparisonPlan.Of(OptionsFile.Parse<CompareRecipe>(Recipe.Replace("create: {width: 16, layers: 1, heads: 2, key_value_heads: 1, feed_forward_width: 24, " +
            "context_length: 64}", "path: \"embedded:countdown\"", StringComparison.Ordinal).Replace("max_new_tokens: 12", "max_new_tokens: 64", StringComparison.Ordinal), "compare.yaml",
            [$"folder={folder.In("out")}", "train.training.steps=1", "train.evaluation.every=1", "evaluation.fronts=null"]), _ => throw new InvalidOperationException());
        await Run(plan);
        var run = folder.In("out", "flowrl", "seed-1");
        var tested = TestedRun.Read(run, plan.Recipe.Evaluation)!;
        var lines = await Responses(run, "tested");
        Assert.Equal(3 * 4, lines.Count);
        var problems = lines.Chunk(4).ToList();
        Assert.All(problems, group => Assert.Single(group.Select(line => (string)line["problem"]!).Distinct()));
        Assert.Contains(tested.Problems, problem => problem.Keys!.Count > 0);
        foreach (var (group, problem) in problems.Zip(tested.Problems))
        {
            var found = group.Select(line => (string?)line["solution"]).OfType<string>().GroupBy(key => key).ToDictionary(keys => keys.Key, keys => keys.Count());
            Assert.Equal(problem.Keys!.Zip(problem.Found).ToDictionary(pair => pair.First, pair => pair.Second), found);
            Assert.All(group, line => Assert.Equal(line["solution"] is not null, (bool)line["correct"]!));
        }
    }

    [Fact]
    public async Task Harder_problems_are_a_test_of_their_own()
    {
        using var folder = new TemporaryFolder();
        var further = "further: {larger: {task: {type: countdown, min_target: 13, max_target: 24}, problems: 5, samples: 2, k: [1]}}\n";
        var plan = ComparisonPlan.Of(OptionsFile.Parse<CompareRecipe>(Recipe + further, "compare.yaml",
            [$"folder={folder.In("out")}", "train.training.steps=1", "train.evaluation.every=1", "evaluation.fronts=null"]), _ => throw new InvalidOperationException());
        Assert.Equal(["step 1 of run, T 1", "step 1 of run, T 1"], await Run(plan));
        var run = folder.In("out", "flowrl", "seed-1");
        Assert.Equal(5, RunTests.Read(run, plan.Recipe.Tests)!.Further["larger"].Best.Problems.Count);
        static int Target(JsonNode line) => int.Parse(((string)line["prompt"]!).Split('=')[1].TrimEnd(':'), CultureInfo.InvariantCulture);
        Assert.All(await Responses(run, "further-larger-tested"), line => Assert.InRange(Target(line), 13, 24));
        Assert.All(await Responses(run, "tested"), line => Assert.InRange(Target(line), 1, 12));
        Assert.Empty(await Run(plan));
    }

    [Fact]
    public void Right_answers_without_a_solution_are_counted_beside_those_with_one()
    {
        var right = new Verdict(new Reward.Score(1), "7", "3+4");
        Verdict[] verdicts = [right, right with { Solution = null, IsCorrect = true }, new(new Reward.Score(0), "8", null)];
        var problem = TestedProblem.Of(verdicts, solutions: null);
        Assert.Equal("""{"found":[1],"solutions":null,"keys":["3\u002B4"],"without_solution":1}""", JsonSerializer.Serialize(problem, JsonOutput.Options));
        Assert.Equal(2.0 / 3, problem.PassAtK(3, 1), 1e-12);
        Assert.Equal(1.0 / 3, problem.DistinctAtK(3, 1), 1e-12);
        Assert.Equal("""{"found":[1],"solutions":null,"keys":["3\u002B4"]}""", JsonSerializer.Serialize(TestedProblem.Of(verdicts[..1], null), JsonOutput.Options));
        Assert.Equal(1.0 / 3, JsonSerializer.Deserialize<TestedProblem>("""{"found":[1],"solutions":null}""", JsonOutput.Options)!.PassAtK(3, 1), 1e-12);
    }

    private static async Task<List<JsonNode>> Responses(string run, string test)
    {
        await using var packed = new GZipStream(File.OpenRead(TestedResponses.PathOf(run, test)), CompressionMode.Decompress);
        using var reader = new StreamReader(packed);
        return [.. (await reader.ReadToEndAsync()).TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!)];
    }

    /// <summary>A test as its file has it, but for the seconds of training, to which looking at a finished run adds.</summary>
    private static string Numbers(string file) => string.Join(',', File.ReadAllText(file).Split(',').Where(part => !part.StartsWith("\"seconds\"", StringComparison.Ordinal)));

    /// <summary>Runs what is missing; returns what was tested.</summary>
    private static async Task<IReadOnlyList<string>> Run(ComparisonPlan plan)
    {
        var log = new RecordedLog();
        await ComparisonRun.RunAsync(plan, new ComparisonWork(_ => new Progress<StepReport>(), log), _ => { }, CancellationToken.None);
        return [.. log.Lines.Where(line => line.Contains("testing step", StringComparison.Ordinal)).Select(line =>
            $"step {line.Split("testing step ")[1][..1]} of {(line.Contains("/base/", StringComparison.Ordinal) ? "base" : "run")}, {line.Split(" samples, ")[1]}")];
    }
}
