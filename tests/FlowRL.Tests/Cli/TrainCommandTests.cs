using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Tests.Support;
using FlowRL.Training;

namespace FlowRL.Tests.Cli;

public sealed class TrainCommandTests
{
    [Fact]
    public async Task Without_a_recipe_the_one_inside_the_tool_is_trained()
    {
        var engine = new StubEngine();
        var run = await ToolRun.Of(engine, "train");
        Assert.Equal(0, run.Code);
        Assert.Equal(OptionsWriter.Write(OptionsFile.Load<TrainRecipe>(Path.Combine(Repository.Root, "recipes", "countdown.yaml"))),
            OptionsWriter.Write(engine.Trained!));
        const string rest = "(25.0% to 37.5%), pass@4 75.0%, maj@4 50.0%, 1.50 different solutions a problem (25.0% of those there are); " +
            "10 problems, 4 samples each\n";
        Assert.Equal($"runs/countdown-1: 1 steps in 6 min 12 s\nbefore: accuracy 31.3% {rest}after:  accuracy 50.0% {rest}", run.Output);
        Assert.Equal(
            "loaded\n" +
            "       step   reward  accuracy   length  entropy    log Z      loss  tokens/s   time left\n" +
            "        1/1    0.250         -        -        -        -         -         -       0.0 s\n", run.Error);
    }

    [Fact]
    public async Task Json_is_the_last_line_and_alone_on_standard_output()
    {
        var run = await ToolRun.Of("train", "--json");
        Assert.Single(run.Output.TrimEnd('\n').Split('\n'));
        Assert.Equal(("runs/countdown-1", 1, 372.0), ((string)run.Json["run"]!, (int)run.Json["steps"]!, (double)run.Json["seconds"]!));
        Assert.Equal(0.3125, (double)run.Json["before"]!["accuracy"]!);
        Assert.Equal(0.5, (double)run.Json["after"]!["accuracy"]!);
        Assert.Equal(0.75, (double)run.Json["after"]!["pass_at_k"]!["4"]!);
        Assert.Equal((10, 4), ((int)run.Json["after"]!["problems"]!, (int)run.Json["after"]!["samples"]!));
    }

    [Fact]
    public async Task Options_change_the_recipe()
    {
        var engine = new StubEngine();
        await ToolRun.Of(
            engine, "train", "--set", "training.steps=3", "--set", "objective.beta=10", "--seed", "9", "--run-folder", "[x]: y");
        Assert.Equal((3, 9L, "[x]: y"), (engine.Trained!.Training.Steps, engine.Trained.Run.Seed, engine.Trained.Run.Folder));
        Assert.Contains("beta: 10\n", OptionsWriter.Write(engine.Trained), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_recipe_is_refused_before_anything_runs()
    {
        var engine = new StubEngine();
        var run = await ToolRun.Of(engine, "train", "--set", "training.step=3", "--set", "run.seed=-1", "--json");
        const string message = "--set training.step: no such key; did you mean 'training.steps'?\n" +
            "--set run.seed: -1 is out of range; use a number of 0 or more.";
        Assert.Equal((2, message + "\n"), (run.Code, run.Error));
        Assert.Equal((message, 2), ((string)run.Json["error"]!, (int)run.Json["exit_code"]!));
        Assert.Null(engine.Trained);
    }

    [Fact]
    public async Task A_missing_recipe_is_bad_input()
    {
        var shipped = Directory.GetFiles(Path.Combine(Repository.Root, "recipes"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => !name.EndsWith("-sft", StringComparison.Ordinal) && !name.StartsWith("compare-", StringComparison.Ordinal)).Order();
        var run = await ToolRun.Of("train", "lost");
        var message = $"lost: there is no such recipe; give a file, or one of those inside the tool: {string.Join(", ", shipped)}.\n";
        Assert.Equal((2, "", message), (run.Code, run.Output, run.Error));
    }

    [Theory]
    [InlineData("train countdwon", "countdwon: there is no such recipe; did you mean 'countdown'?\n")]
    [InlineData("train countdown-sft", "countdown-sft: is a recipe for another command: flowrl sft.\n")]
    [InlineData("train compare-modes", "compare-modes: is a recipe for another command: flowrl compare.\n")]
    [InlineData("sft recipes/countdown.yaml", "recipes/countdown.yaml: is a recipe for another command: flowrl train.\n")]
    public async Task A_recipe_that_is_not_meant_is_told(string line, string message)
    {
        var run = await ToolRun.Of(line.Split(' '));
        Assert.Equal((2, "", message), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task A_recipe_in_a_missing_folder_is_bad_input()
    {
        var run = await ToolRun.Of("train", "/lost/x.yaml");
        Assert.Equal((2, "", "/lost/x.yaml: there is no such recipe; there is no folder /lost either.\n"), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task A_stopped_run_says_how_to_go_on()
    {
        var run = await ToolRun.Of(new StubEngine { Failure = new RunInterruptedException("runs/countdown-1", 7) }, "train");
        Assert.Equal((1, "loaded\nStopped after step 7; saved in runs/countdown-1. Resume with: flowrl train --resume runs/countdown-1\n"),
            (run.Code, run.Error));
    }

    [Fact]
    public async Task A_failure_is_one_line_with_its_place()
    {
        var engine = new StubEngine { Failure = new InvalidOperationException("mat1 and mat2\nat frame #1") };
        var run = await ToolRun.Of(engine, "train");
        Assert.Equal((1, "loaded\nFailed in StubEngine.TrainAsync: mat1 and mat2 (--verbose prints the stack)\n"), (run.Code, run.Error));
        Assert.Contains(
            "   at FlowRL.Tests.Cli.StubEngine.TrainAsync",
            (await ToolRun.Of(engine, "train", "--verbose")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resumed_run_takes_its_own_recipe()
    {
        using var folder = new TemporaryFolder();
        var engine = new StubEngine();
        var lost = await ToolRun.Of(engine, "train", "--resume", folder.In("r"));
        Assert.Equal(
            $"--resume {folder.In("r")}: there is no recipe.yaml in it; give the folder of a run, such as runs/countdown-1.\n", lost.Error);
        Directory.CreateDirectory(folder.In("r"));
        File.WriteAllText(folder.In("r/recipe.yaml"), "task: countdown\nobjective: flowrl\nrun: {seed: 5}");
        Assert.Equal(0, (await ToolRun.Of(engine, "train", "--resume", folder.In("r"))).Code);
        Assert.Equal((folder.In("r"), 5L), (engine.ResumedFrom, engine.Trained!.Run.Seed));
        var changed = await ToolRun.Of(engine, "train", "--resume", folder.In("r"), "--set", "training.steps=7", "--run-folder", "elsewhere");
        var said = changed.Error[..(changed.Error.IndexOf("loaded\n", StringComparison.Ordinal) + 7)];
        Assert.Equal($"resume: training.steps=7 holds until this command ends; recipe.yaml stays as the run began\n" +
            $"resume: run.folder=\"elsewhere\" is ignored, for the run stays in {folder.In("r")}\nloaded\n", said);
        Assert.Equal(7, engine.Trained!.Training.Steps);
        var both = await ToolRun.Of(engine, "train", "countdown", "--resume", folder.In("r"));
        Assert.Equal(
            (2, $"--resume {folder.In("r")}: a run goes on with its own recipe; leave out 'countdown', or change keys with --set.\n"),
            (both.Code, both.Error));
    }

    [Fact]
    public async Task A_dry_run_prints_the_whole_recipe_and_trains_nothing()
    {
        var engine = new StubEngine();
        var run = await ToolRun.Of(engine, "train", "--dry-run", "--set", "training.steps=3");
        Assert.Null(engine.Trained);
        Assert.Equal(3, OptionsFile.Parse<TrainRecipe>(run.Output, "printed").Training.Steps);
        Assert.Equal(3, engine.Rehearsed!.Training.Steps);
        Assert.Equal("data: 10 training, 2 validation and 3 test problems\nmemory: 4 MB and activations (weights 4 MB)\n" +
            "work: 1.0e9 flops a step to sample, 3.0e9 to update, responses at their limit\n" +
            "time: 22 s in all: 3 steps of 0.5 s, and 20 s of evaluations (the first steps were taken, and thrown away)\n", run.Error);
    }

    [Fact]
    public async Task A_dry_run_refuses_what_the_run_refuses_and_prints_the_recipe_all_the_same()
    {
        var engine = new StubEngine { Failure = new BadInputException("model.path: 'x' does not exist") };
        var run = await ToolRun.Of(engine, "train", "--dry-run");
        Assert.Equal((2, "model.path: 'x' does not exist\n"), (run.Code, run.Error));
        Assert.Equal("countdown", OptionsFile.Parse<TrainRecipe>(run.Output, "printed").Task.Create().Name);
    }

    [Fact]
    public async Task Rewards_that_all_fail_end_the_command_with_their_own_words()
    {
        var engine = new StubEngine { Failure = new RewardsFailedException("All 8 rewards of step 1 failed") };
        Assert.Equal((1, "loaded\nAll 8 rewards of step 1 failed\n"), await ToolRun.Of(engine, "train") is var run ? (run.Code, run.Error) : default);
    }

    [Fact]
    public async Task Sft_reports_null_where_nothing_was_evaluated()
    {
        var run = await ToolRun.Of("sft", "--set", "steps=4", "--json");
        Assert.Equal("{\"run\":\"runs/sft-1\",\"steps\":4,\"seconds\":2,\"best_step\":4,\"before\":null,\"after\":null,\"best_by\":null}\n", run.Output);
        Assert.Equal("runs/sft-1: 4 steps in 2.0 s\n", (await ToolRun.Of("sft", "--set", "steps=4")).Output);
    }
}
