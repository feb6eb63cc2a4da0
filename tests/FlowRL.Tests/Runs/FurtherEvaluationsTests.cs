using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tasks;
using FlowRL.Tasks.Countdown;
using FlowRL.Telemetry;
using FlowRL.Tests.Support;
using FlowRL.Training;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowRL.Tests.Runs;

public sealed class FurtherEvaluationsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task They_are_logged_when_they_are_due_and_change_no_bit_of_the_run()
    {
        var plain = await Train(Recipe(new Dictionary<string, FurtherEvaluationOptions>()));
        var measured = await Train(Recipe(new Dictionary<string, FurtherEvaluationOptions>
        {
            ["test"] = new() { Problems = 2, Samples = 2, Sampling = new SamplingOptions { MaxNewTokens = 12, TopP = 0.9 } }, // with each validation
            ["larger"] = new() { Every = 3, Problems = 2, Samples = 1, Split = Split.Validation, Task = new CountdownOptions { MaxNumber = 20 } },
        }));
        var lines = MetricsLog.Read(Path.Combine(measured.Run, "metrics.jsonl")).ToDictionary(line => line.Step, line => line.Metrics);
        bool Has(int step, string name) => lines[step].ContainsKey($"evaluation/{name}/accuracy");
        Assert.Equal([2, 4, 5], lines.Keys.Where(step => Has(step, "test")));
        Assert.Equal([3, 5], lines.Keys.Where(step => Has(step, "larger")));
        Assert.All((string[])["accuracy", "distinct", "truncated"], name => Assert.InRange(lines[5][$"evaluation/test/{name}"], 0, 1));
        Assert.DoesNotContain(MetricsLog.Read(Path.Combine(plain.Run, "metrics.jsonl")), line => line.Metrics.Keys.Any(name => name.StartsWith("evaluation/", StringComparison.Ordinal)));
        Assert.Equal(Weights(plain), Weights(measured));
        Assert.Equal(plain.BestStep, measured.BestStep);

        // The recipe of the run says what was measured.
        var again = OptionsFile.Load<TrainRecipe>(Path.Combine(measured.Run, "recipe.yaml"));
        Assert.Equal(20, ((CountdownOptions)again.Evaluation.Further["larger"].Task!).MaxNumber);
    }

    /// <summary>As many as are logged above: with validations 2, 4 and 5 two problems twice; at 3 and 5 two problems once.</summary>
    [Fact]
    public void A_dry_run_counts_their_responses()
    {
        using var session = new TinyRuns.Session(Recipe(new Dictionary<string, FurtherEvaluationOptions>
        {
            ["test"] = new() { Problems = 2, Samples = 2 },
            ["larger"] = new() { Every = 3, Problems = 2, Samples = 1, Split = Split.Validation },
        }));
        Assert.Equal((3 * 4) + (2 * 2), session.Further.Responses(steps: 5, validations: 3));
        Assert.Equal((1 * 4) + (2 * 2), session.Further.Responses(steps: 5, validations: 0)); // at the end in any case
    }

    [Fact]
    public async Task A_supervised_run_has_them_too()
    {
        var recipe = new SftRecipe
        {
            Model = TinyRuns.Adapting(TinyRuns.Recipe(), _folder).Model with { Lora = new() },
            Task = new CountdownOptions { TrainProblems = 10 },
            Steps = 2,
            Batch = 4,
            Evaluation = new EvaluationOptions
            {
                Every = 0,
                TestProblems = 0,
                Further = new Dictionary<string, FurtherEvaluationOptions> { ["test"] = new() { Problems = 2, Samples = 1 } },
            },
            Run = new RunOptions { Folder = _folder.In("runs"), Threads = 1 },
        };
        var summary = await SftRun.RunAsync(recipe, null, new Progress<StepReport>(), NullLogger.Instance, CancellationToken.None);
        var lines = MetricsLog.Read(Path.Combine(summary.Run, "metrics.jsonl")).ToList();
        Assert.Equal([2], lines.Where(line => line.Metrics.ContainsKey("evaluation/test/accuracy")).Select(line => line.Step));
    }

    [Fact]
    public void What_cannot_be_evaluated_is_refused_before_anything_is_trained()
    {
        var recipe = Recipe(new Dictionary<string, FurtherEvaluationOptions> { ["mine"] = new() { Task = new FlowRL.Tasks.Mathematics.MathOptions() } });
        Assert.Equal("evaluation.further.mine: there are no test problems; name a file of them, or choose another split.",
            Assert.Throws<BadInputException>(() => new RunParts(recipe, recipe.Task.Create(), () => TinyRuns.Model())).Message);
        Assert.Equal("--set evaluation.further.a/b: names a metric too; use letters, digits, dashes and underscores.",
            Assert.Throws<BadInputException>(() => OptionsFile.Parse<TrainRecipe>("task: countdown\nobjective: flowrl", "r.yaml",
                ["evaluation.further.a/b={problems: 2}"])).Message);
    }

    [Fact]
    public void A_measurement_that_is_cut_short_is_made_up_for()
    {
        using var run = RunFolder.Create(_folder.Path, "loop");
        using var stop = new CancellationTokenSource();
        var store = new CheckpointStore(run.Checkpoints, 2);
        TrainingLoop Loop(IStepMeasurements further) =>
            new(new Counting(), new LoopOptions(3, 0, 0, 1), run, store, new Progress<StepReport>(), further: further);
        Assert.Throws<RunInterruptedException>(() => Loop(new Measured(step =>
        {
            if (step == 2) stop.Cancel();
            stop.Token.ThrowIfCancellationRequested();
        })).Run(stop.Token));
        Loop(new Measured(_ => { })).Run(CancellationToken.None);
        Assert.Equal([(1, 1.0), (2, 2.0), (3, 3.0)], MetricsLog.Read(run.Metrics).Select(line => (line.Step, line.Metrics["measured"])));
        Assert.All(store.All(), checkpoint => Assert.Null(checkpoint.ValidationScore)); // none of them ranks checkpoints
    }

    private TrainRecipe Recipe(IReadOnlyDictionary<string, FurtherEvaluationOptions> further)
    {
        var recipe = TinyRuns.Adapting(TinyRuns.Recipe(), _folder);
        return recipe with
        {
            Training = recipe.Training with { Steps = 5 },
            Evaluation = recipe.Evaluation with { Every = 2, Further = further },
            Run = new RunOptions { Folder = _folder.In("runs"), Name = "further", Threads = 1 },
        };
    }

    private static Task<TrainSummary> Train(TrainRecipe recipe) =>
        TrainRun.RunAsync(recipe, null, new Progress<StepReport>(), NullLogger.Instance, CancellationToken.None);

    private static byte[] Weights(TrainSummary summary) =>
        File.ReadAllBytes(Path.Combine(CheckpointStore.All(Path.Combine(summary.Run, "checkpoints"))[^1].Folder, "adapter_model.safetensors"));

    private sealed class Measured(Action<int> before) : IStepMeasurements
    {
        public IReadOnlyDictionary<string, double> Measure(int step, bool isValidated, bool ends, CancellationToken cancellation)
        {
            before(step);
            return new Dictionary<string, double> { ["measured"] = step };
        }
    }

    private sealed class Counting : ITrainer
    {
        public IReadOnlyDictionary<string, double> Step(int step, CancellationToken cancellation) => new Dictionary<string, double> { ["loss"] = step };

        public IReadOnlyDictionary<string, double> Validate(int step, CancellationToken cancellation) => throw new NotSupportedException();

        public void Save(string folder) => File.WriteAllText(Path.Combine(folder, "state"), "");

        public void Restore(string folder) { }
    }
}
