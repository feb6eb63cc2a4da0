using FlowRL.Checkpoints;
using FlowRL.Cli.SideBySide;
using FlowRL.Data;
using FlowRL.Decoding;
using FlowRL.Evaluation;
using FlowRL.Lab.Benchmarking;
using FlowRL.Lab.Comparison;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tasks;
using FlowRL.Telemetry;
using FlowRL.Tokenization;
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Cli;

/// <summary>The library's own engine.</summary>
internal sealed class TrainingEngine : ITrainingEngine
{
    public Task<TrainSummary> TrainAsync(
        TrainRecipe recipe, string? resumeFrom, IProgress<StepReport> progress, ILoggerFactory logs, CancellationToken cancellation) =>
        TrainRun.RunAsync(recipe, resumeFrom, progress, logs.CreateLogger("train"), cancellation);

    public Task<Rehearsal> RehearseAsync(TrainRecipe recipe, ILoggerFactory logs, CancellationToken cancellation) =>
        Rehearsal.RunAsync(recipe, logs.CreateLogger("train"), cancellation);

    public Task CheckAsync(SftRecipe recipe, ILoggerFactory logs, CancellationToken cancellation) =>
        SftRun.CheckAsync(recipe, logs.CreateLogger("sft"), cancellation);

    public Task<TrainSummary> SftAsync(
        SftRecipe recipe, string? resumeFrom, IProgress<StepReport> progress, ILoggerFactory logs, CancellationToken cancellation) =>
        SftRun.RunAsync(recipe, resumeFrom, progress, logs.CreateLogger("sft"), cancellation);

    public Task<EvaluationReport> EvaluateAsync(
        EvaluateRecipe recipe, Action<ScoredGroup> each, ILoggerFactory logs, CancellationToken cancellation) =>
        EvaluationRun.RunAsync(recipe, each, logs.CreateLogger("eval"), cancellation);

    public Task<ComparisonReport> CompareAsync(ComparisonPlan plan, Func<PlannedRun, IProgress<StepReport>> progress, Action<string> say, ILoggerFactory logs,
        CancellationToken cancellation)
    {
        var work = new ComparisonWork(progress, logs.CreateLogger("compare"));
        return ComparisonRun.RunAsync(plan, plan.Recipe.Parallel == 1 ? work : new RunProcesses(work, progress, say), say, cancellation);
    }

    public Task<RunTests> CompareOneAsync(
        PlannedRun run, CompareTests tests, IProgress<StepReport> progress, ILoggerFactory logs, CancellationToken cancellation) =>
        new ComparisonWork(_ => progress, logs.CreateLogger("compare")).DoAsync(run, tests, cancellation);

    public Task<SampleOutcome> SampleAsync(
        SampleRecipe recipe, Action<string> onText, ILoggerFactory logs, CancellationToken cancellation) =>
        TensorThread.RunAsync(recipe.Threads, () =>
        {
            using var model = PretrainedModel.Load(recipe.Model);
            var prompt = model.EncodePrompt(recipe.Chat ? new Prompt.Chat([new ChatMessage("user", recipe.Prompt)]) : recipe.Prompt);
            using var engine = LocalEngine.Of(model, slots: 1);
            if (DecodeEngines.Note(model.Decoder, new DecodeOptions()) is { } note) logs.CreateLogger("sample").LogInformation("{Note}", note);
            var stream = new TextStreams(model.Tokenizer, samples: 1, (_, text) => onText(text));
            var request = new SampleRequest(new Problem("prompt", recipe.Prompt, ""), [.. prompt], 1, (ulong)recipe.Seed);
            var response = engine.Sample([request], recipe.Sampling, stream, cancellation)[0].Responses[0];
            return new SampleOutcome(response.Text, response.Length, response.FinishReason);
        });

    public Task<T> ChatAsync<T>(ChatRecipe recipe, Func<IChatModel, T> talk, ILoggerFactory logs) =>
        ChatModel.RunAsync(recipe, talk, logs.CreateLogger("chat"));

    public Task<GenerationSummary> GenerateAsync(GenerateRecipe recipe, IEnumerable<DataRow> rows, long skip, IGenerationObserver observer,
        ILoggerFactory logs, CancellationToken cancellation) =>
        GenerationRun.RunAsync(recipe, rows, skip, observer, logs.CreateLogger("generate"), cancellation);

    public Task<ScoreSummary> ScoreAsync(
        ScoreRecipe recipe, IEnumerable<DataRow> rows, Action<ScoredRow> each, ILoggerFactory logs, CancellationToken cancellation) =>
        ScoringRun.RunAsync(recipe, rows, each, logs.CreateLogger("score"), cancellation);

    public Task<BenchReport> BenchAsync(BenchWork work, BenchOptions options, Action<string> say, CancellationToken cancellation) =>
        TensorThread.RunAsync(work.Threads, () => work switch
        {
            BenchWork.OfRecipe one => RecipeBenchmark.Run(one.Recipe, options, say, cancellation),
            BenchWork.OfShapes many => ShapeBenchmark.Run(many.Shapes, options, say, cancellation),
            _ => throw new ArgumentException($"There is no way to measure {work}.", nameof(work)),
        });

    public Task<GrowthReport> GrowthAsync(int threads, BenchOptions options, Action<string> say, CancellationToken cancellation) =>
        TensorThread.RunAsync(threads, () => GrowthBenchmark.Run(options, say, cancellation));

    public ITokenizer LoadTokenizer(string path) => PretrainedModel.LoadTokenizer(path);
}
