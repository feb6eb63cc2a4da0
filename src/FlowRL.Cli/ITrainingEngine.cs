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
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Cli;

/// <summary>What the commands ask of the library, so that a test can stand in for hours of training.</summary>
internal interface ITrainingEngine
{
    /// <summary>Runs to the end. A cancelled run saves and throws <see cref="RunInterruptedException"/>.</summary>
    Task<TrainSummary> TrainAsync(
        TrainRecipe recipe, string? resumeFrom, IProgress<StepReport> progress, ILoggerFactory logs, CancellationToken cancellation);

    /// <summary>Refuses what <see cref="TrainAsync"/> would refuse, and says what it would take.</summary>
    Task<Rehearsal> RehearseAsync(TrainRecipe recipe, ILoggerFactory logs, CancellationToken cancellation);

    /// <summary>Refuses what <see cref="SftAsync"/> would refuse.</summary>
    Task CheckAsync(SftRecipe recipe, ILoggerFactory logs, CancellationToken cancellation);

    /// <inheritdoc cref="TrainAsync"/>
    Task<TrainSummary> SftAsync(
        SftRecipe recipe, string? resumeFrom, IProgress<StepReport> progress, ILoggerFactory logs, CancellationToken cancellation);

    /// <summary>Hands every problem's responses with their verdicts to <paramref name="each"/>, in order.</summary>
    Task<EvaluationReport> EvaluateAsync(EvaluateRecipe recipe, Action<ScoredGroup> each, ILoggerFactory logs, CancellationToken cancellation);

    /// <summary>Trains and tests what a comparison lacks; tells <paramref name="say"/> what is next.</summary>
    Task<ComparisonReport> CompareAsync(ComparisonPlan plan, Func<PlannedRun, IProgress<StepReport>> progress, Action<string> say, ILoggerFactory logs,
        CancellationToken cancellation);

    /// <summary>Trains and tests one run of a comparison that has begun it.</summary>
    Task<RunTests> CompareOneAsync(
        PlannedRun run, CompareTests tests, IProgress<StepReport> progress, ILoggerFactory logs, CancellationToken cancellation);

    /// <summary>Samples one response and passes its text on as it comes; returns why it ended and how long it is.</summary>
    Task<SampleOutcome> SampleAsync(SampleRecipe recipe, Action<string> onText, ILoggerFactory logs, CancellationToken cancellation);

    /// <summary>Loads a model and lets <paramref name="talk"/> talk with it.</summary>
    Task<T> ChatAsync<T>(ChatRecipe recipe, Func<IChatModel, T> talk, ILoggerFactory logs);

    /// <inheritdoc cref="GenerationRun.RunAsync"/>
    Task<GenerationSummary> GenerateAsync(GenerateRecipe recipe, IEnumerable<DataRow> rows, long skip, IGenerationObserver observer, ILoggerFactory logs,
        CancellationToken cancellation);

    /// <inheritdoc cref="ScoringRun.RunAsync"/>
    Task<ScoreSummary> ScoreAsync(
        ScoreRecipe recipe, IEnumerable<DataRow> rows, Action<ScoredRow> each, ILoggerFactory logs, CancellationToken cancellation);

    /// <summary>Measures speed and memory; tells <paramref name="say"/> what it is at.</summary>
    Task<BenchReport> BenchAsync(BenchWork work, BenchOptions options, Action<string> say, CancellationToken cancellation);

    /// <summary>Measures how time and memory grow.</summary>
    Task<GrowthReport> GrowthAsync(int threads, BenchOptions options, Action<string> say, CancellationToken cancellation);

    /// <summary>The tokenizer of a model folder, a run, or a tokenizer file.</summary>
    ITokenizer LoadTokenizer(string path);
}

/// <summary>One response sampled for reading.</summary>
internal sealed record SampleOutcome(string Text, int Length, FinishReason FinishReason);
