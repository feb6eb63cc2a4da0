using FlowRL.Checkpoints;
using FlowRL.Cli;
using FlowRL.Data;
using FlowRL.Evaluation;
using FlowRL.Lab.Benchmarking;
using FlowRL.Lab.Comparison;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Telemetry;
using FlowRL.Tokenization;
using Microsoft.Extensions.Logging;

namespace FlowRL.Tests.Cli;

/// <summary>Says that it trained.</summary>
internal sealed class StubEngine : ITrainingEngine
{
    public static EvaluationReport Report { get; } = new()
    {
        Accuracy = 0.3125,
        AccuracyLow = 0.25,
        AccuracyHigh = 0.375,
        Majority = 0.5,
        PassAtK = new Dictionary<int, double> { [1] = 0.3125, [4] = 0.75 },
        PassAtKIntervals = new Dictionary<int, Estimate> { [1] = new(0.3125, 0.25, 0.375), [4] = new(0.75, 0.5, 1) },
        Problems = 10,
        Samples = 4,
        DistinctCorrect = 1.5,
        Coverage = 0.25,
        Errors = 0,
        Timeouts = 0,
        Truncated = 0,
        MeanLength = 20,
    };

    /// <summary>Thrown in place of a result.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Whether a response fails before its first token.</summary>
    public bool SaysNothing { get; init; }

    public TrainRecipe? Trained { get; private set; }

    public string? ResumedFrom { get; private set; }

    public SampleRecipe? Sampled { get; private set; }

    public EvaluateRecipe? Evaluated { get; private set; }

    public Task<TrainSummary> TrainAsync(
        TrainRecipe recipe, string? resumeFrom, IProgress<StepReport> progress, ILoggerFactory logs, CancellationToken cancellation)
    {
        (Trained, ResumedFrom) = (recipe, resumeFrom);
        logs.CreateLogger("stub").LogInformation("loaded");
        if (Failure is not null) throw Failure;
        progress.Report(new StepReport(1, 1, 0.5, 0, new Dictionary<string, double> { [MetricNames.Reward] = 0.25 }));
        return Task.FromResult(new TrainSummary("runs/countdown-1", 1, 372, 1, Report, Report with { Accuracy = 0.5 }));
    }

    public TrainRecipe? Rehearsed { get; private set; }

    public Task<Rehearsal> RehearseAsync(TrainRecipe recipe, ILoggerFactory logs, CancellationToken cancellation)
    {
        Rehearsed = recipe;
        if (Failure is not null) throw Failure;
        return Task.FromResult(new Rehearsal(new RunEstimate((10, 2, 3), 1000, new Dictionary<string, long> { ["weights"] = 4_000_000 }, 1e9, 3e9, 100)
        { Steps = recipe.Training.Steps }, 0.5, 20));
    }

    public Task CheckAsync(SftRecipe recipe, ILoggerFactory logs, CancellationToken cancellation) => Task.CompletedTask;

    public Task<TrainSummary> SftAsync(
        SftRecipe recipe, string? resumeFrom, IProgress<StepReport> progress, ILoggerFactory logs, CancellationToken cancellation) =>
        Task.FromResult(new TrainSummary("runs/sft-1", recipe.Steps, 2, recipe.Steps, null, null));

    /// <summary>What a model and its verifier give back.</summary>
    public IReadOnlyList<ScoredGroup> Scored { get; init; } = [];

    public Task<EvaluationReport> EvaluateAsync(EvaluateRecipe recipe, Action<ScoredGroup> each, ILoggerFactory logs, CancellationToken cancellation)
    {
        Evaluated = recipe;
        foreach (var group in Scored) each(group);
        return Failure is null ? Task.FromResult(Report) : Task.FromException<EvaluationReport>(Failure);
    }

    /// <summary>Stands in for the work of comparisons.</summary>
    public IComparisonWork? Work { get; init; }

    public Task<ComparisonReport> CompareAsync(ComparisonPlan plan, Func<PlannedRun, IProgress<StepReport>> progress, Action<string> say, ILoggerFactory logs,
        CancellationToken cancellation) => ComparisonRun.RunAsync(plan, Work!, say, cancellation);

    public Task<RunTests> CompareOneAsync(
        PlannedRun run, CompareTests tests, IProgress<StepReport> progress, ILoggerFactory logs, CancellationToken cancellation) =>
        Work!.DoAsync(run, tests, cancellation);

    public Task<SampleOutcome> SampleAsync(SampleRecipe recipe, Action<string> onText, ILoggerFactory logs, CancellationToken cancellation)
    {
        Sampled = recipe;
        if (SaysNothing) throw Failure!;
        onText("4 ");
        onText("2");
        if (Failure is not null) throw Failure;
        return Task.FromResult(new SampleOutcome("4 2", 2, FinishReason.Stop));
    }

    /// <summary>Who answers in a conversation.</summary>
    public IChatModel? Partner { get; init; }

    public ChatRecipe? Talked { get; private set; }

    public Task<T> ChatAsync<T>(ChatRecipe recipe, Func<IChatModel, T> talk, ILoggerFactory logs)
    {
        Talked = recipe;
        return Failure is null ? Task.FromResult(talk(Partner!)) : Task.FromException<T>(Failure);
    }

    public Task<GenerationSummary> GenerateAsync(GenerateRecipe recipe, IEnumerable<DataRow> rows, long skip, IGenerationObserver observer,
        ILoggerFactory logs, CancellationToken cancellation) => new TrainingEngine().GenerateAsync(recipe, rows, skip, new Rows(observer, AfterRow), logs, cancellation);

    /// <summary>Called when a row was answered.</summary>
    public Action AfterRow { get; init; } = () => { };

    private sealed class Rows(IGenerationObserver next, Action after) : IGenerationObserver
    {
        public void Begin(long rows) => next.Begin(rows);

        public void Answered(long number, PromptRow row, IReadOnlyList<Response> responses)
        {
            next.Answered(number, row, responses);
            after();
        }
    }

    public Task<ScoreSummary> ScoreAsync(
        ScoreRecipe recipe, IEnumerable<DataRow> rows, Action<ScoredRow> each, ILoggerFactory logs, CancellationToken cancellation) =>
        Failure is null ? new TrainingEngine().ScoreAsync(recipe, rows, each, logs, cancellation) : Task.FromException<ScoreSummary>(Failure);

    public BenchWork? Measured { get; private set; }

    public Task<BenchReport> BenchAsync(BenchWork work, BenchOptions options, Action<string> say, CancellationToken cancellation)
    {
        Measured = work;
        say($"measuring {options.Repeat} times");
        return Failure is null ? Task.FromResult(BenchReports.Example) : Task.FromException<BenchReport>(Failure);
    }

    public Task<GrowthReport> GrowthAsync(int threads, BenchOptions options, Action<string> say, CancellationToken cancellation) =>
        Task.FromResult(BenchReports.Growth);

    public ITokenizer LoadTokenizer(string path) => PretrainedModel.LoadTokenizer(path);
}
