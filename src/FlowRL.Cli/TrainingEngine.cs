using FlowRL.Evaluation;
using FlowRL.Recipes;
using FlowRL.Telemetry;
using FlowRL.Tokenization;
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Cli;

/// <summary>The library's own engine.</summary>
internal sealed class TrainingEngine : ITrainingEngine
{
    private const string Missing = "This build holds no training engine.";

    public Task<TrainSummary> TrainAsync(
        TrainRecipe recipe, string? resumeFrom, IProgress<StepReport> progress, ILoggerFactory logs, CancellationToken cancellation) =>
        throw new NotSupportedException(Missing);

    public Task<TrainSummary> SftAsync(
        SftRecipe recipe, string? resumeFrom, IProgress<StepReport> progress, ILoggerFactory logs, CancellationToken cancellation) =>
        throw new NotSupportedException(Missing);

    public Task<EvaluationReport> EvaluateAsync(EvaluateRecipe recipe, ILoggerFactory logs, CancellationToken cancellation) =>
        throw new NotSupportedException(Missing);

    public Task<SampleOutcome> SampleAsync(
        SampleRecipe recipe, Action<string> onText, ILoggerFactory logs, CancellationToken cancellation) =>
        throw new NotSupportedException(Missing);

    public ITokenizer LoadTokenizer(string path) => TokenizerLoader.Load(path);
}
