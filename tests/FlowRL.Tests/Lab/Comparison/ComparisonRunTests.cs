using FlowRL.Lab.Comparison;
using FlowRL.Telemetry;
using FlowRL.Tests.Cli;
using FlowRL.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowRL.Tests.Lab.Comparison;

public sealed class ComparisonRunTests
{
    [Fact]
    public async Task An_interrupted_comparison_goes_on_where_it_stopped()
    {
        using var folder = new TemporaryFolder();
        var plan = Comparisons.Plan(folder.In("out"));
        var stopped = await Assert.ThrowsAsync<ComparisonInterruptedException>(() => Run(plan, new Comparisons.Work(stopAt: 2)));
        Assert.Equal("Stopped after step 7 of b, seed 1; what is finished is kept.", stopped.Message);
        Assert.Equal([RunState.Done, RunState.Done, RunState.Begun, RunState.Missing], plan.Runs.Select(run => ComparisonRun.StateOf(plan, run)));
        Assert.False(File.Exists(plan.ResultFile));

        var rest = new Comparisons.Work();
        var report = await Run(plan, rest);
        Assert.Equal(["b 1", "b 2"], rest.Trained);
        Assert.Equal(ComparisonJson.Text(Comparisons.Report(plan)), ComparisonJson.Text(report));
        Assert.Equal(ComparisonJson.Text(report), File.ReadAllText(plan.ResultFile));
        Assert.True(File.Exists(plan.PageFile));

        var none = new Comparisons.Work();
        await Run(plan, none);
        Assert.Empty(none.Trained);
        Assert.Empty(none.Tests);
    }

    [Fact]
    public async Task A_run_of_another_recipe_is_refused_before_anything_is_trained()
    {
        using var folder = new TemporaryFolder();
        await Run(Comparisons.Plan(folder.In("out")), new Comparisons.Work());
        var work = new Comparisons.Work();
        var error = await Assert.ThrowsAsync<BadInputException>(() => Run(Comparisons.Plan(folder.In("out"), more: "train: {training: {passes: 3}}"), work));
        Assert.Equal($"{folder.In("out", "a", "seed-1")} was begun with another recipe ('passes: 1', and now 'passes: 3'); choose another folder " +
            "for the comparison, or delete that run.", error.Message);
        Assert.Empty(work.Trained);
    }

    [Fact]
    public async Task Test_problems_that_do_not_exist_are_told_before_anything_is_trained()
    {
        using var folder = new TemporaryFolder();
        var plan = Comparisons.Plan(folder.In("out"));
        var work = new ComparisonWork(_ => new Progress<StepReport>(), NullLogger.Instance);
        var error = await Assert.ThrowsAsync<BadInputException>(() => Run(plan with
        {
            Recipe = plan.Recipe with { Evaluation = plan.Recipe.Evaluation with { Problems = 100_000 } },
        }, work));
        Assert.StartsWith("evaluation.problems: task 'countdown' has ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" test problems, not 100000; ask for as many.", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.In("out")));
    }

    [Fact]
    public async Task Another_evaluation_tests_again()
    {
        using var folder = new TemporaryFolder();
        var plan = Comparisons.Plan(folder.In("out"));
        await Run(plan, new Comparisons.Work());
        var more = plan.Recipe with { Evaluation = plan.Recipe.Evaluation with { Temperature = 0.7 } };
        var work = new Comparisons.Work();
        await Run(Comparisons.Plan(more), work);
        Assert.Equal(4, work.Tests.Count);
    }

    [Fact]
    public async Task The_command_prints_tables_and_says_how_to_go_on()
    {
        using var folder = new TemporaryFolder();
        folder.Write("base.yaml", Comparisons.Base);
        var recipe = folder.Write("compare.yaml", $"base: {folder.In("base.yaml")}\nseeds: [1]\nevaluation: {{problems: 2, samples: 4, k: [1, 2]}}\n" +
            "objectives: {a: {}, b: {objective: grpo}}\n");
        string[] line = ["compare", recipe, "--out", folder.In("out")];
        var stopped = await ToolRun.Of(new StubEngine { Work = new Comparisons.Work(stopAt: 0) }, line);
        Assert.Equal((1, "1 of 2: a, seed 1: to be trained and tested\n" +
            "Stopped after step 7 of a, seed 1; what is finished is kept. Go on with the same command.\n"), (stopped.Code, stopped.Error));

        var listed = await ToolRun.Of([.. line, "--dry-run", "--json"]);
        Assert.Equal(["begun; goes on where it stopped", "to be trained and tested"], listed.Json["runs"]!.AsArray().Select(run => (string)run!["state"]!));

        var done = await ToolRun.Of(new StubEngine { Work = new Comparisons.Work() }, line);
        Assert.Equal(0, done.Code);
        Assert.StartsWith("objective  accuracy  pass@2  distinct of 2  coverage  entropy  reward  seconds\na", done.Output, StringComparison.Ordinal);
        Assert.EndsWith($"{folder.In("out", "comparison.json")}\n{folder.In("out", "comparison.html")}\n", done.Output, StringComparison.Ordinal);
        var json = await ToolRun.Of(new StubEngine { Work = new Comparisons.Work() }, [.. line, "--json"]);
        Assert.Equal(0.25, (double)json.Json["objectives"]!["a"]!["mean"]!["accuracy"]!);
    }

    [Fact]
    public async Task A_dry_run_counts_the_responses_of_epochs()
    {
        using var folder = new TemporaryFolder();
        var recipe = folder.Write("compare.yaml", "train: {task: {type: countdown, train_problems: 100}, training: {epochs: 1.5}}\nseeds: [1]\n" +
            "objectives: {a: {objective: flowrl}, b: {objective: grpo, training: {epochs: 1.5}}}\n");
        var listed = await ToolRun.Of("compare", recipe, "--out", "out", "--dry-run");
        Assert.Equal((0, "run                    steps  responses                     state\n" +
            "out/a/seed-1  5 (1.5 epochs)       1280  to be trained and tested\n" +
            "out/b/seed-1  5 (1.5 epochs)       1280  to be trained and tested\n"), (listed.Code, listed.Output));
    }

    [Fact]
    public async Task Fronts_that_are_asked_for_later_are_sampled_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        await Run(Comparisons.Plan(folder.In("out")), new Comparisons.Work());
        var plan = Comparisons.Plan(FrontTests.Asking(folder.In("out")));
        Assert.Equal([RunState.Begun, RunState.Begun, RunState.Begun, RunState.Begun, RunState.Missing], plan.All.Select(run => ComparisonRun.StateOf(plan, run)));
        var work = new Comparisons.Work();
        await Run(plan, work);
        Assert.Equal(["a 1", "a 2", "b 1", "b 2", "base 1"], work.Tests);
        Assert.Equal(["front-t0.5.json", "front-t0.6-p0.95.json", "front-t1.json"],
            Directory.GetFiles(folder.In("out", "b", "seed-2"), "front-*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var none = new Comparisons.Work();
        await Run(plan, none);
        Assert.Empty(none.Tests);
        File.Delete(folder.In("out", "base", "seed-1", "front-t1.json"));
        await Run(plan, none);
        Assert.Equal(["base 1"], none.Tests);
    }

    [Fact]
    public async Task Claims_are_made_before_the_test_and_not_after()
    {
        const string claims = "claims: {first: {objective: b, against: a, measure: accuracy}}";
        using var folder = new TemporaryFolder();
        var plan = Comparisons.Plan(folder.In("out"), more: claims);
        await Assert.ThrowsAsync<ComparisonInterruptedException>(() => Run(Comparisons.Plan(folder.In("out")), new Comparisons.Work(stopAt: 0)));
        await Assert.ThrowsAsync<ComparisonInterruptedException>(() => Run(plan, new Comparisons.Work(stopAt: 1))); // nothing was tested before
        var message = $"claims: differ from those in {folder.In("out", "comparison.yaml")}, which were written down before test problems were sampled; leave them as " +
            "they are there and call everything else exploratory, or choose another folder for the comparison.";
        var work = new Comparisons.Work();
        foreach (var other in (string[])["", claims.Replace("accuracy", "coverage", StringComparison.Ordinal)])
            Assert.Equal(message, (await Assert.ThrowsAsync<BadInputException>(() => Run(Comparisons.Plan(folder.In("out"), more: other), work))).Message);
        Assert.Empty(work.Trained);
        Assert.Equal("first", Assert.Single((await Run(plan, work)).Claims!).Key);
    }

    private static Task<ComparisonReport> Run(ComparisonPlan plan, IComparisonWork work) => ComparisonRun.RunAsync(plan, work, _ => { }, CancellationToken.None);
}
