using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Decoding;
using FlowRL.Evaluation;
using FlowRL.Lab.Benchmarking;
using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tests.Support;
using FlowRL.Training;

namespace FlowRL.Tests.Runs;

public sealed class RunEstimateTests
{
    [Fact]
    public void Weights_are_counted_from_the_shape()
    {
        var recipe = TinyRuns.Recipe() with { Model = new ModelOptions() };
        var estimate = RunEstimate.Of(recipe, recipe.Task.Create());
        Assert.Equal(1_263_200, estimate.Parameters);
        const int LogZ = 2 * (160 * 160 + 3 * 160) + 160 + 1; // two layers with their norms, and the last one
        Assert.Equal(4 * (1_263_200 + LogZ), estimate.Memory["weights"]);
        Assert.Equal(8 * (1_263_200 + LogZ), estimate.Memory["optimiser"]);
        Assert.True(estimate.GigaflopsHere > 0.1);
        Assert.True(estimate.UpdateFlops > estimate.SamplingFlops);
    }

    [Fact]
    public void Recomputing_layers_is_more_work_and_passes_are_too()
    {
        var recipe = TinyRuns.Recipe() with { Model = new ModelOptions() };
        double Update(TrainingOptions training) => RunEstimate.Of(recipe with { Training = training }, recipe.Task.Create()).UpdateFlops;
        var once = Update(recipe.Training with { Passes = 1 });
        Assert.Equal(10.0 / 8, Update(recipe.Training with { Passes = 1, Recompute = true }) / once, 1e-9);
        Assert.Equal(14.0 / 8, Update(recipe.Training with { Passes = 2 }) / once, 1e-9);
    }

    /// <summary>Against the bytes of a run that has taken a step: its tensors, its gradients, and the optimiser's state as it is saved.</summary>
    [Theory]
    [InlineData("flowrl", WeightType.Float32, 0, 0)]
    [InlineData("ppo", WeightType.Bfloat16, 0, 1)]
    [InlineData("flowrl", WeightType.Float32, 4, 0)]
    [InlineData("grpo", WeightType.Bfloat16, 4, 1)]
    public void Memory_is_what_a_run_holds(string objective, WeightType weights, int rank, int lag)
    {
        using var folder = new TemporaryFolder();
        var recipe = TinyRuns.Adapting(TinyRuns.Recipe(), folder);
        recipe = recipe with
        {
            Objective = (ObjectiveOptions)Activator.CreateInstance(OptionVariants.BuiltIn.Of(typeof(ObjectiveOptions))[objective])!,
            Model = recipe.Model with
            {
                Weights = weights,
                Lora = recipe.Model.Lora with { Rank = rank, TargetModules = [Projection.QProj, Projection.DownProj] },
            },
            Rollout = recipe.Rollout with { Lag = lag },
            Training = recipe.Training with { Steps = 1 },
        };
        var memory = RunEstimate.Of(recipe, recipe.Task.Create()).Memory;

        using var session = new TinyRuns.Session(recipe, loads: true);
        session.Trainer.Step(0, CancellationToken.None);
        session.Trainer.Save(folder.In("checkpoint"));
        using var state = SafetensorsFile.Open(folder.In("checkpoint", "training", "training_state.safetensors"));
        long Saved(params string[] prefixes) => state.Names.Where(name => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).Sum(name =>
        {
            using var tensor = state.Read(name);
            return tensor.numel() * tensor.element_size();
        });
        var (model, heads) = (session.Model.Decoder, Saved("log_z.", "critic."));
        Assert.Equal(objective == "grpo", heads == 0);
        Assert.Equal(PeakMemory.Of(model) + (rank > 0 ? PeakMemory.Of(model.Trainable.Select(pair => pair.Value)) : 0) + heads, memory["weights"]);
        Assert.Equal(Gradients(model.Trainable) + heads, memory["gradients"]);
        Assert.Equal(Saved("first.", "second.", "master."), memory["optimiser"]);
        Assert.Equal(rank > 0 ? 0 : PeakMemory.Of(session.Reference), memory["reference"]);
        Assert.Equal(Saved("rollout."), memory["snapshot"]);
        Assert.Equal(lag > 0, memory["snapshot"] > 0);
    }

    [Theory]
    [InlineData(DecodeType.Float32, 0, 1, false)]
    [InlineData(DecodeType.Bfloat16, 0, 1, false)] // the evaluation's copy is in fp32, and counts
    [InlineData(DecodeType.Bfloat16, 0, 0.5, true)]
    [InlineData(DecodeType.Float32, 1, 2, false)] // sampling beside scoring
    [InlineData(DecodeType.Bfloat16, 1, 1, true)]
    public void Packed_copies_are_those_that_are_there_at_a_time(DecodeType weights, int lag, double copies, bool isShort)
    {
        var recipe = TinyRuns.Recipe() with { Model = new ModelOptions() };
        recipe = recipe with
        {
            Rollout = recipe.Rollout with { Lag = lag, Decode = new DecodeOptions { Weights = weights } },
            Reference = new ReferenceOptions { Weights = isShort ? WeightType.Bfloat16 : WeightType.Float32 },
            Evaluation = recipe.Evaluation with { Every = isShort ? 0 : 4 },
        };
        using var model = PretrainedModel.Load(recipe.Model);
        using var engine = DecodeEngines.Create(model.Decoder, new DecodeOptions());
        engine.Open(1, 1, 1);
        var copy = ((IMeasuredEngine)engine).PackedBytes;
        var packed = RunEstimate.Of(recipe, recipe.Task.Create()).Memory["packed"];
        Assert.Equal(copies, (double)packed / copy, 0.02); // biases are fp32 in both
    }

    [Fact]
    public void Further_evaluations_count_in_memory()
    {
        var recipe = TinyRuns.Recipe() with { Model = new ModelOptions() };
        IReadOnlyDictionary<string, long> Memory(EvaluationOptions evaluation) =>
            RunEstimate.Of(recipe with { Evaluation = evaluation }, recipe.Task.Create()).Memory;
        var evaluation = recipe.Evaluation with { Sampling = new SamplingOptions { MaxNewTokens = 100 } };
        var further = recipe.Evaluation with
        {
            Further = new Dictionary<string, FurtherEvaluationOptions>
            {
                ["long"] = new() { Problems = evaluation.ValidationProblems, Samples = evaluation.ValidationSamples, Sampling = evaluation.Sampling },
            },
        };
        Assert.Equal(Memory(evaluation)["cache"], Memory(further)["cache"]);
        Assert.True(Memory(further)["cache"] > Memory(recipe.Evaluation)["cache"]);
    }

    // GiB of the table of docs/performance.md, there without log Z, whose 1.6 million numbers are 0.006 GiB once, and the adapters' own weights.
    [Theory]
    [InlineData(0, WeightType.Float32, 1.84, 1.84, 3.68, 0.92, 1.84)] // packed: 0.92 while sampling or scoring, and more while evaluating
    [InlineData(16, WeightType.Float32, 1.84, 0.03, 0.07, 0, 1.84)]
    [InlineData(16, WeightType.Bfloat16, 0.92, 0.03, 0.07, 0, 0.92)]
    public void A_model_of_half_a_billion_is_estimated_as_it_was_counted(
        int rank, WeightType weights, double own, double gradients, double optimiser, double reference, double packed)
    {
        var config = TinyModels.Config("qwen2", vocabulary: 151936) with
        {
            Width = 896,
            FeedForwardWidth = 4864,
            Layers = 24,
            Heads = 14,
            KeyValueHeads = 2,
            HeadWidth = 64,
        };
        var recipe = TinyRuns.Recipe() with
        {
            Model = new ModelOptions { Weights = weights, Lora = new LoraOptions { Rank = rank } },
            Rollout = new RolloutOptions { Decode = new DecodeOptions { Weights = DecodeType.Bfloat16 } },
            Reference = new ReferenceOptions { Weights = rank > 0 ? null : WeightType.Bfloat16 },
        };
        var memory = RunMemory.Of(recipe, config, 100);
        var expected = new[] { ("weights", own + (rank > 0 ? gradients : 0)), ("gradients", gradients), ("optimiser", optimiser), ("reference", reference), ("packed", packed) };
        Assert.All(expected, part => Assert.Equal(part.Item2, memory[part.Item1] / (double)(1 << 30), 0.018));
    }

    private static long Gradients(WeightSet weights)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        return PeakMemory.Of(weights.Select(pair => pair.Value.grad!));
    }
}
