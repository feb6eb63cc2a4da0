using FlowRL.Checkpoints;
using FlowRL.Cli;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Runs;
using FlowRL.Telemetry;
using FlowRL.Tests.Cli;
using FlowRL.Tests.Support;
using FlowRL.Training;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowRL.Tests.Runs;

/// <summary>Runs that train adapters, from recipe to checkpoint and on.</summary>
public sealed class LoraRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Training_moves_the_adapters_and_not_one_bit_of_the_base()
    {
        using var session = new TinyRuns.Session(TinyRuns.Adapting(TinyRuns.Recipe(), _folder));
        var (weights, adapters) = (TinyRuns.Session.BitsOf(session.Model.Decoder.Weights), session.Bits());
        for (var step = 0; step < 3; step++)
        {
            var metrics = session.Trainer.Step(step, CancellationToken.None);
            Assert.InRange(metrics["sampler_gap_max"], 0, 1e-4);
        }
        Assert.Equal(weights, TinyRuns.Session.BitsOf(session.Model.Decoder.Weights));
        Assert.NotEqual(adapters, session.Bits());
        Assert.All(session.Model.Decoder.Weights, pair => Assert.True(pair.Value.grad is null, pair.Key));
    }

    [Fact]
    public async Task A_run_can_be_resumed_evaluated_sampled_inspected_and_merged()
    {
        var recipe = Recipe();
        var straight = await Train(recipe, null);
        var half = await Train(recipe with { Training = recipe.Training with { Steps = 2 } }, null);
        var resumed = await Train(recipe, half.Run);
        Assert.Equal(4, resumed.Steps);
        Assert.Equal(File.ReadAllBytes(Weights(straight)), File.ReadAllBytes(Weights(resumed)));
        Assert.Equal(straight.After!.Accuracy, resumed.After!.Accuracy);

        var tool = new TrainingEngine();
        var eval = await ToolRun.Of(tool, "eval", straight.Run, "--task", "countdown", "--problems", "2", "--samples", "2", "--json");
        Assert.True(eval.Code == 0, eval.Error);
        Assert.Equal(2, (int)eval.Json["problems"]!);
        var sample = await ToolRun.Of(tool, "sample", straight.Run, "--prompt", "3,12=15:", "--max-new-tokens", "3");
        Assert.True(sample.Code == 0, sample.Error);
        var inspect = await ToolRun.Of(tool, "inspect", straight.Run);
        Assert.Contains($"\nadapters     rank 4, alpha 8, on q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj; base {_folder.In("base")}. They",
            inspect.Output, StringComparison.Ordinal);
        var merge = await ToolRun.Of(tool, "merge", straight.Run, "--out", _folder.In("merged"));
        Assert.True(merge.Code == 0, merge.Error);
        using var merged = PretrainedModel.LoadForTraining(new ModelOptions { Path = _folder.In("merged") }, 1, []);
        Assert.Null(merged.Decoder.Adapters);
    }

    [Fact]
    public async Task A_supervised_run_trains_adapters_too_over_BF16_weights()
    {
        var model = Recipe().Model;
        var recipe = new SftRecipe
        {
            Model = model with { Weights = WeightType.Bfloat16 },
            Task = TinyRuns.Recipe().Task,
            Steps = 15,
            Batch = 8,
            Optimizer = new OptimizerOptions { LearningRate = 0.05, WarmupSteps = 0 },
            Evaluation = new EvaluationOptions { Every = 15, ValidationProblems = 2, ValidationSamples = 1, TestProblems = 0 },
            Run = new RunOptions { Folder = _folder.In("runs"), Name = "sft", Threads = 1 },
        };
        var losses = new List<double>();
        var summary = await SftRun.RunAsync(recipe, null, new Collector(losses), NullLogger.Instance, CancellationToken.None);
        Assert.InRange(losses[^1], 0, losses[0] - 0.05); // little: the head is random and stays so
        Assert.True(File.Exists(Weights(summary)));
    }

    private TrainRecipe Recipe()
    {
        var recipe = TinyRuns.Adapting(TinyRuns.Recipe(), _folder);
        return recipe with
        {
            Training = recipe.Training with { Steps = 4, Optimizer = recipe.Training.Optimizer with { Schedule = ScheduleShape.Constant } },
            Evaluation = recipe.Evaluation with { Every = 2, TestProblems = 2, TestSamples = 2 },
            Run = new RunOptions { Folder = _folder.In("runs"), Name = "lora", Threads = 1 },
        };
    }

    private static Task<TrainSummary> Train(TrainRecipe recipe, string? resume) =>
        TrainRun.RunAsync(recipe, resume, new Progress<StepReport>(), NullLogger.Instance, CancellationToken.None);

    private static string Weights(TrainSummary summary) =>
        Path.Combine(CheckpointStore.All(Path.Combine(summary.Run, "checkpoints"))[^1].Folder, "adapter_model.safetensors");

    private sealed class Collector(List<double> losses) : IProgress<StepReport>
    {
        public void Report(StepReport value) => losses.Add(value.Metrics["loss"]);
    }
}
