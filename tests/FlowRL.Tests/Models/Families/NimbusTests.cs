using FlowRL.Checkpoints;
using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Models.Families;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tasks;
using FlowRL.Telemetry;
using FlowRL.Tests.Support;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models.Families;

/// <summary>
/// A family that nobody but these tests knows is loaded, sampled, trained and saved like any other, by the CPU engine where that knows its parts.
/// </summary>
public sealed class NimbusTests
{
    private const string Gelu = "gelu_pytorch_tanh", Silu = "silu";
    private static readonly int[] Ids = [1, 9, 40, 7, 7, 101, 66];

    [Theory]
    [InlineData(Gelu)]
    [InlineData(Silu)]
    public void The_trainers_forward_pass_computes_what_the_files_say(string activation)
    {
        using var nimbus = new NimbusModel(activation);
        using var model = nimbus.Load();
        Assert.Equal(nimbus.Names.Order(StringComparer.Ordinal), model.Decoder.Weights.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var pack = new PackedSequences([Ids], CPU);
        var logits = model.Decoder.Logits(model.Decoder.Hidden(pack.Ids, new PackedAttention(pack)));
        var expected = tensor([.. nimbus.Logits(Ids).SelectMany(row => row)], [Ids.Length, NimbusModel.Vocabulary]);
        Assert.InRange(expected.abs().max().item<double>(), 2, 50);
        Assert.InRange((logits - expected).abs().max().item<double>(), 0, 5e-5);
    }

    [Theory]
    [InlineData(Gelu, EngineKind.Cpu, false)]
    [InlineData(Gelu, EngineKind.Auto, false)]
    [InlineData(Gelu, EngineKind.Tensor, true)]
    [InlineData(Silu, EngineKind.Cpu, false)]
    [InlineData(Silu, EngineKind.Auto, false)]
    [InlineData(Silu, EngineKind.Tensor, true)]
    public void Whichever_engine_serves_it_samples_by_the_same_numbers(string activation, EngineKind kind, bool isTensor)
    {
        using var nimbus = new NimbusModel(activation);
        using var model = nimbus.Load();
        var decode = new DecodeOptions { Engine = kind };
        using (var engine = DecodeEngines.Create(model.Decoder, decode)) Assert.Equal(isTensor, engine is TensorEngine);
        Assert.Null(DecodeEngines.Note(model.Decoder, decode));

        using var sampler = new Sampler(model.Decoder, model.Tokenizer, slots: 3, decode);
        var request = new SampleRequest(new Problem("one", "", ""), Ids, 3, 5);
        var group = sampler.Sample([request], new SamplingOptions { MaxNewTokens = 12 })[0];
        Assert.Contains(group.Responses, response => response.Length > 5);
        foreach (var response in group.Responses)
        {
            var logits = nimbus.Logits([.. Ids, .. response.TokenIds]);
            for (var t = 0; t < response.Length; t++)
                Assert.Equal(NimbusModel.LogProb(logits[Ids.Length - 1 + t], response.TokenIds[t]), response.LogProbs[t], 5e-5);
        }
    }

    [Theory]
    [InlineData(Gelu)]
    [InlineData(Silu)]
    public void The_scorer_serves_what_the_engine_serves(string activation)
    {
        using var nimbus = new NimbusModel(activation);
        using var model = nimbus.Load();
        var score = DecodeEngines.Scorer(model.Decoder)!.Score([Ids[..3]], [Ids[3..]], 1, 100, CancellationToken.None)[0];
        var logits = nimbus.Logits(Ids);
        Assert.Equal(4, score.Length);
        for (var t = 0; t < score.Length; t++) Assert.Equal(NimbusModel.LogProb(logits[2 + t], Ids[3 + t]), score[t], 5e-5);
    }

    [Theory]
    [InlineData(Gelu)]
    [InlineData(Silu)]
    public async Task A_run_trains_it_with_nothing_to_say_and_saves_its_own_config(string activation)
    {
        using var nimbus = new NimbusModel(activation);
        var tiny = TinyRuns.Recipe();
        var recipe = tiny with
        {
            Model = nimbus.Options,
            Rollout = tiny.Rollout with { Decode = new DecodeOptions { Engine = EngineKind.Cpu } },
            Training = tiny.Training with { Steps = 2 },
            Evaluation = tiny.Evaluation with { Every = 2 },
            Run = new RunOptions { Folder = nimbus.In("runs"), Name = "nimbus", Threads = 1 },
        };
        Assert.Equal(nimbus.Parameters, RunEstimate.Of(recipe, recipe.Task.Create()).Parameters);
        var log = new Lines();
        var summary = await TrainRun.RunAsync(recipe, null, new Progress<StepReport>(), log, CancellationToken.None);

        Assert.DoesNotContain(log.All, line => line.StartsWith("sampling with tensor operations", StringComparison.Ordinal));
        var checkpoint = CheckpointStore.All(Path.Combine(summary.Run, "checkpoints"))[^1].Folder;
        Assert.Equal(nimbus.Config, File.ReadAllText(Path.Combine(checkpoint, "config.json")));
        using var trained = PretrainedModel.Load(recipe.Model with { Path = checkpoint });
        using var start = nimbus.Load();
        Assert.False(trained.Decoder.Weights.HasSameNumbers(start.Decoder.Weights));
    }

    [Fact]
    public void Without_its_assembly_it_is_refused()
    {
        using var nimbus = new NimbusModel(Silu);
        Assert.Equal(
            $"{nimbus.Path}/config.json cannot be used: model_type is 'nimbus'; the families that can be loaded are " +
            $"{ModelFamilies.BuiltIn.List("and")}. Correct the file or choose another model.",
            Assert.Throws<BadInputException>(() => PretrainedModel.Load(new ModelOptions { Path = nimbus.Path })).Message);
        Assert.Equal(ModelFamilies.BuiltIn.Names.Append("nimbus").Order(StringComparer.Ordinal), NimbusModel.Families.Names);
    }

    [Fact]
    public void Adapters_have_its_names_and_a_matrix_that_recipes_call_otherwise_has_none()
    {
        using var nimbus = new NimbusModel(Silu);
        var options = nimbus.Options with { Lora = new LoraOptions { Rank = 2, TargetModules = [Projection.QProj] } };
        using (var model = PretrainedModel.LoadForTraining(options, 1, []))
        {
            Assert.Equal(
                ["base_model.model.backbone.blocks.0.attention.q_proj.lora_A.weight", "base_model.model.backbone.blocks.0.attention.q_proj.lora_B.weight"],
                model.Decoder.Adapters!.Weights.Select(pair => pair.Key).Take(2));
        }
        Assert.Equal(
            "model.lora.target_modules: 'gate_proj' is called 'feed.gate' in models of the family 'nimbus', which cannot be adapted; leave it out, or " +
            "set rank to 0.",
            Assert.Throws<BadInputException>(() => PretrainedModel.LoadForTraining(options with { Lora = new LoraOptions { Rank = 2 } }, 1, [])).Message);
    }

    private sealed class Lines : ILogger
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (All) All.Add(formatter(state, exception));
        }
    }
}
