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

    private static Task<ComparisonReport> Run(ComparisonPlan plan, IComparisonWork work) => ComparisonRun.RunAsync(plan, work, _ => { }, CancellationToken.None);
}
