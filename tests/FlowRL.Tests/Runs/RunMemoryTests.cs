using FlowRL.Cli;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tasks.Countdown;
using FlowRL.Tests.Cli;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Runs;

/// <summary>What no machine holds is refused before it is made: with these sizes the process would be killed if it were not.</summary>
public sealed class RunMemoryTests
{
    [Theory]
    [InlineData("weights", "model.create.width=65536", "model.create.heads=512", "model.create.key_value_heads=512", "model.create.layers=128",
        "model.create.feed_forward_width=262144")]
    [InlineData("optimiser", "model.lora.rank=65536", "model.path={0}")]
    [InlineData("rollouts", "rollout.problems=1048576", "rollout.group_size=512", "training.mini_batch=512")]
    [InlineData("rollouts", "training.replay.capacity=1048576", "training.replay.groups=1", "rollout.group_size=4096", "rollout.problems=7",
        "training.mini_batch=4096", "training.steps=1000000")]
    public async Task A_run_that_cannot_fit_is_refused_at_once_and_told_what_it_would_need(string part, params string[] keys)
    {
        using var folder = new TemporaryFolder();
        using (var wide = new LanguageModel(new Decoder(Wide, TorchSharp.torch.CPU), FlowRL.Tokenization.ArithmeticVocabulary.Create()))
        {
            wide.Decoder.Initialize(1);
            FlowRL.Checkpoints.PretrainedModel.Save(folder.In("wide"), wide);
        }
        string[] sets = [.. keys.Append("evaluation.test_problems=0").SelectMany(key => new[] { "--set", key.Replace("{0}", folder.In("wide"), StringComparison.Ordinal) })];
        var run = await ToolRun.Of(new TrainingEngine(), ["train", .. sets, "--run-folder", folder.In("runs")]);
        Assert.Equal(2, run.Code);
        Assert.StartsWith("model, rollout, training: this run needs at least ", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{part} ", run.Error, StringComparison.Ordinal);
        Assert.Contains(" is all that this machine gives; ", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.In("runs")));
    }

    // Narrow enough to be made here, with so many layers that adapters of the highest rank are not.
    private static DecoderConfig Wide => TinyModels.Config(vocabulary: 142, context: 128) with { Layers = 400 };

    [Fact]
    public async Task A_supervised_run_that_cannot_fit_is_refused_at_once()
    {
        var run = await ToolRun.Of(new TrainingEngine(), "sft", "countdown-sft", "--set", "model.create.width=65536", "--set", "model.create.heads=512",
            "--set", "model.create.key_value_heads=512", "--set", "model.create.layers=128");
        Assert.Equal(2, run.Code);
        Assert.StartsWith("model: this run needs at least ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("; take a smaller model, or set model.weights to bfloat16.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_by_itself_is_refused_by_its_weights()
    {
        var config = TinyModels.Config() with { Width = 65536, Heads = 512, KeyValueHeads = 512, HeadWidth = 128, Layers = 128, FeedForwardWidth = 262144 };
        Assert.StartsWith("big: the model needs at least 35184.5 GB of memory, and", Assert.Throws<BadInputException>(
            () => ModelMemory.Require("big", config, new ModelOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_evaluation_that_keeps_more_verdicts_than_fit_is_refused()
    {
        var recipe = new EvaluateRecipe { Task = new CountdownOptions(), Samples = 4096 };
        RunMemory.Require(recipe, 10);
        Assert.StartsWith("problems, samples: this evaluation needs at least 68719.5 GB of memory, and",
            Assert.Throws<BadInputException>(() => RunMemory.Require(recipe, 1 << 24)).Message, StringComparison.Ordinal);
    }

    // Limits are often far above what is sampled: at this one the responses of a step would be a terabyte.
    [Fact]
    public void A_high_limit_on_length_alone_refuses_nothing()
    {
        var recipe = TinyRuns.Recipe() with { Model = new ModelOptions() };
        recipe = recipe with { Rollout = recipe.Rollout with { Problems = 8192, Sampling = new SamplingOptions { MaxNewTokens = 1 << 20 } } };
        RunEstimate.RequireMemory(recipe, recipe.Task.Create());
    }

    [Fact]
    public void Runs_that_fit_are_let_through() => RunEstimate.RequireMemory(
        TinyRuns.Recipe() with { Model = new ModelOptions() }, TinyRuns.Recipe().Task.Create());
}
