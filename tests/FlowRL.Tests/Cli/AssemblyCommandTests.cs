using FlowRL.Cli;
using FlowRL.Configuration;
using FlowRL.Tests.Lab.Comparison;
using FlowRL.Tests.Runs;
using FlowRL.Tests.Support;
using FlowRL.Training;

namespace FlowRL.Tests.Cli;

/// <summary>Commands with tasks, objectives, reward parts and output rules of the user's own.</summary>
[Collection(nameof(MemoryTests))]
public sealed class AssemblyCommandTests : IDisposable
{
    private const string Small = """
        task: own
        objective: {type: own, level: 0.25}
        reward: {parts: {always: own}}
        model: {create: {width: 16, layers: 1, heads: 2, key_value_heads: 1, feed_forward_width: 24, context_length: 64}}
        rollout: {problems: 2, group_size: 2, sampling: {max_new_tokens: 8}}
        training: {steps: 2, mini_batch: 4}
        evaluation: {every: 0, test_problems: 0}

        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    static AssemblyCommandTests() => Programs.Allow(); // refusals are in processes of their own

    public AssemblyCommandTests() => _file = CompiledAssembly.Write(_folder.In("mine.dll"), CompiledAssembly.Own);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_is_trained_gone_on_with_and_evaluated()
    {
        var recipe = _folder.Write("my.yaml", Small);
        var trained = await ToolRun.Of(new TrainingEngine(), "train", recipe, "--assembly", _file, "--run-folder", _folder.In("runs"), "--json");
        Assert.True(trained.Code == 0, trained.Error);
        var run = _folder.In("runs", "countdown-1");
        Assert.StartsWith($"assembly: [\"{_file}\"]\n", File.ReadAllText(Path.Combine(run, "recipe.yaml")), StringComparison.Ordinal);
        Assert.Contains("\"reward/always\":0.25", File.ReadAllText(Path.Combine(run, "metrics.jsonl")), StringComparison.Ordinal);

        // The run's recipe asks for the assembly; without permission it is not loaded, and the assembly that is named here takes its place.
        var refused = await CliProcess.RunAsync(_folder.Path, "train", "--resume", run, "--set", "training.steps=3");
        Assert.Equal((2, $"{run}/recipe.yaml:1: assembly: the recipe brings code ({_file}), which a recipe from elsewhere could misuse; if you trust it, " +
            "give --allow-programs, or name the file yourself with --assembly.\n"), (refused.ExitCode, refused.Error));
        var more = await ToolRun.Of(new TrainingEngine(), "train", "--resume", run, "--set", "training.steps=3", "--allow-programs", "--json");
        Assert.Equal((0, 3), (more.Code, (int)more.Json["steps"]!));
        File.Move(_file, _folder.In("moved.dll"));
        var moved = await ToolRun.Of(
            new TrainingEngine(), "train", "--resume", run, "--set", "training.steps=4", "--assembly", _folder.In("moved.dll"), "--json");
        Assert.Equal((0, 4), (moved.Code, (int)moved.Json["steps"]!));

        var evaluated = await ToolRun.Of(new TrainingEngine(), "eval", run, "--task", "own", "--assembly", _folder.In("moved.dll"), "--problems", "2",
            "--samples", "1", "--set", "sampling.max_new_tokens=4", "--json");
        Assert.Equal((0, 2), (evaluated.Code, (int)evaluated.Json["problems"]!));
        Assert.Equal(0, (await ToolRun.Of("inspect", run)).Code);
    }

    [Fact]
    public async Task Without_permission_a_recipe_loads_nothing()
    {
        var recipe = _folder.Write("my.yaml", $"assembly: mine.dll\n{Small}");
        var refused = await CliProcess.RunAsync(_folder.Path, "train", "my.yaml", "--dry-run");
        Assert.Equal((2, $"my.yaml:1: assembly: the recipe brings code ({_file}), which a recipe from elsewhere could misuse; if you trust it, give " +
            "--allow-programs, or name the file yourself with --assembly.\n"), (refused.ExitCode, refused.Error));
        var allowed = await CliProcess.RunAsync(_folder.Path, "train", "my.yaml", "--dry-run", "--allow-programs");
        Assert.True(allowed.ExitCode == 0, allowed.Error);
        Assert.Contains("\nobjective:\n  type: own\n  level: 0.25\n", allowed.Output, StringComparison.Ordinal);
        // The same recipe, named here: permission for the assembly, and for nothing else.
        var program = _folder.Write("program.yaml", File.ReadAllText(recipe).Replace("{always: own}", "{always: {type: process, command: [score]}}",
            StringComparison.Ordinal));
        var other = await CliProcess.RunAsync(_folder.Path, "train", program, "--assembly", "mine.dll", "--run-folder", "runs");
        Assert.Equal(2, other.ExitCode);
        Assert.Equal("reward.parts: the recipe starts a program (score), which a recipe from elsewhere could misuse; if you trust it, give --allow-programs.\n",
            other.Error);
    }

    [Fact]
    public async Task What_is_wrong_with_an_assembly_is_bad_input()
    {
        var missing = await ToolRun.Of("train", "--assembly", _folder.In("no.dll"));
        Assert.Equal((2, $"--assembly: {_folder.In("no.dll")}: there is no such file; build your project (dotnet build -c Release) and give the .dll that it " +
            "makes.\n"), (missing.Code, missing.Error));
        var misspelt = await ToolRun.Of("train", "--assembly", _file, "--set", "objective=owm");
        Assert.Equal(2, misspelt.Code);
        Assert.EndsWith("did you mean 'own'?\n", misspelt.Error, StringComparison.Ordinal);
        var range = await ToolRun.Of("train", "--assembly", _file, "--set", "objective=own", "--set", "objective.level=2");
        Assert.Equal((2, "--set objective.level: 2 is out of range; use a number from 0 to 1.\n"), (range.Code, range.Error));
    }

    [Fact]
    public async Task The_schema_and_the_table_of_keys_show_them()
    {
        var schema = await ToolRun.Of("schema", "train", "--assembly", _file);
        Assert.Contains("From here on an answer is learnt.", schema.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("From here on", (await ToolRun.Of("schema", "train")).Output, StringComparison.Ordinal);
        var table = await ToolRun.Of("schema", "train", "--markdown", "--assembly", _file);
        Assert.Contains("| `objective.level` | number from 0 to 1 | `0.5` | With `own`: From here on an answer is learnt. |\n", table.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_run_says_that_it_needs_permission_again()
    {
        var engine = new StubEngine { Failure = new RunInterruptedException("runs/countdown-1", 7) };
        var stopped = await ToolRun.Of(engine, "train", "--assembly", _file);
        Assert.EndsWith("Resume with: flowrl train --resume runs/countdown-1 --allow-programs\n", stopped.Error, StringComparison.Ordinal);
        Assert.Equal([_file], engine.Trained!.Assembly);
    }

    [Theory]
    [InlineData("assembly: mine.dll\nbase: base.yaml\n", false)] // the comparison names it
    [InlineData("base: with.yaml\n", false)] // the base does
    [InlineData("base: base.yaml\ntrain: {assembly: mine.dll}\n", false)]
    [InlineData("base: base.yaml\n", true)] // the command line does
    public async Task A_comparison_with_an_objective_of_ones_own_goes_on(string head, bool given)
    {
        _folder.Write("base.yaml", Comparisons.Base);
        _folder.Write("with.yaml", $"assembly: mine.dll\n{Comparisons.Base}");
        var recipe = _folder.Write("compare.yaml", head.Replace("base: ", $"base: {_folder.Path}/", StringComparison.Ordinal) +
            "seeds: [1]\nevaluation: {problems: 2, samples: 4, k: [1, 2]}\nobjectives: {a: {}, b: {objective: own}}\n");
        string[] line = ["compare", recipe, "--out", _folder.In("out"), .. given ? ["--assembly", _file] : (string[])["--allow-programs"]];
        var stopped = await ToolRun.Of(new StubEngine { Work = new Comparisons.Work(stopAt: 1) }, line);
        Assert.Equal((1, "1 of 2: a, seed 1: to be trained and tested\n2 of 2: b, seed 1: to be trained and tested\n" +
            "Stopped after step 7 of b, seed 1; what is finished is kept. Go on with the same command.\n"), (stopped.Code, stopped.Error));
        Assert.StartsWith($"assembly: [\"{_file}\"]\n", File.ReadAllText(_folder.In("out", "b", "seed-1", "recipe.yaml")), StringComparison.Ordinal);

        // Where the assembly lies does not decide what is learnt.
        if (given)
        {
            Directory.CreateDirectory(_folder.In("elsewhere"));
            File.Move(_file, _folder.In("elsewhere", "mine.dll"));
            line = [.. line.SkipLast(1), _folder.In("elsewhere", "mine.dll")];
        }
        var done = await ToolRun.Of(new StubEngine { Work = new Comparisons.Work() }, line);
        Assert.Equal((0, "1 of 2: a, seed 1: done\n2 of 2: b, seed 1: begun; goes on where it stopped\n"), (done.Code, done.Error));
    }
}
