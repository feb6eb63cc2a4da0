using System.Diagnostics;
using System.Text.Json;
using FlowRL.Checkpoints;
using FlowRL.Evaluation;
using FlowRL.Files;
using FlowRL.Models;
using FlowRL.Tasks;
using FlowRL.Training;
using Microsoft.Extensions.Logging;

namespace FlowRL.Runs;

/// <summary>
/// The evaluations on test problems before and after a run, with the same problems and the same seed; none where there is nothing to evaluate by.
/// </summary>
internal sealed class RunEnds(RunFolder folder, Evaluator? evaluator, EvaluationOptions options, ulong seed, ILogger logger)
{
    /// <summary>Seconds that an evaluation took in this process; 0 where none was needed.</summary>
    public double Seconds { get; private set; }

    /// <summary>What a validation should take by that.</summary>
    public double ValidationSeconds => Seconds == 0 ? 0
        : Seconds * options.ValidationProblems * options.ValidationSamples / ((double)options.TestProblems * options.TestSamples);

    /// <summary>The starting model; read back when a resumed run has it already.</summary>
    public EvaluationReport? Before(CancellationToken cancellation)
    {
        if (evaluator is null || options.TestProblems == 0) return null;
        if (File.Exists(folder.Before) && Read(folder.Before) is { } known) return known;
        var report = Test(evaluator, "before", cancellation);
        try
        {
            AtomicFile.Write(folder.Before, JsonSerializer.Serialize(report));
        }
        catch (IOException full)
        {
            // What is lost is only that a resumed run would make it again.
            folder.Say(full.Message);
        }
        return report;
    }

    /// <summary>Null where the file is damaged, so that the evaluation is made again.</summary>
    private EvaluationReport? Read(string path)
    {
        try
        {
            return InputFile.ReadJson(path, "an evaluation", root => root.Deserialize<EvaluationReport>(Strict));
        }
        catch (BadInputException damaged)
        {
            folder.Say($"{damaged.Message} The evaluation is made again.");
            return null;
        }
    }

    private static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>The checkpoint that was best on validation problems; then everything is summed up in <c>summary.json</c>.</summary>
    /// <param name="model">The model; left with the best checkpoint's weights where it is evaluated.</param>
    /// <param name="store">The run's checkpoints.</param>
    /// <param name="scoredBy">The metric that ranked them.</param>
    /// <param name="steps">Steps done.</param>
    /// <param name="seconds">Seconds of training.</param>
    /// <param name="before">What <see cref="Before"/> gave.</param>
    /// <param name="cancellation">Ends the evaluation.</param>
    public TrainSummary After(LanguageModel model, CheckpointStore store, string scoredBy, int steps, double seconds, EvaluationReport? before,
        CancellationToken cancellation)
    {
        var best = CheckpointStore.BestOrLatest(store.All()) ?? throw new InvalidOperationException($"{folder.Checkpoints} holds no checkpoint after a run.");
        var bestBy = best.ValidationScore is null ? null : scoredBy;
        EvaluationReport? after = null;
        if (evaluator is not null && options.TestProblems > 0)
        {
            best.VerifyModel(cancellation);
            PretrainedModel.Restore(best.Folder, model);
            after = Test(evaluator, $"after (step {best.Step}, {(bestBy is null ? "the last" : $"the best by {bestBy}")})", cancellation);
        }
        var summary = new TrainSummary(folder.Path, steps, seconds, best.Step, before, after) { BestBy = bestBy };
        AtomicFile.Write(folder.Summary, JsonSerializer.Serialize(summary, JsonOutput.Options));
        return summary;
    }

    private EvaluationReport Test(Evaluator evaluator, string when, CancellationToken cancellation)
    {
        var problems = evaluator.Problems(Split.Test, options.TestProblems);
        logger.LogInformation("evaluating {When}: {Problems} test problems × {Samples} samples", when, problems.Count, options.TestSamples);
        var clock = Stopwatch.StartNew();
        var report = evaluator.Evaluate(problems, options.TestSamples, Seeds.Derive(seed, "test"), cancellation);
        Seconds = clock.Elapsed.TotalSeconds;
        logger.LogInformation("{When}: accuracy {Accuracy:P1}, reward {Reward:F3}", when, report.Accuracy, report.Reward);
        return report;
    }
}

/// <summary>What a run did, as <c>--json</c> prints it and <c>summary.json</c> keeps it.</summary>
/// <param name="Run">The run's folder.</param>
/// <param name="Steps">Steps done, those before a resume included.</param>
/// <param name="Seconds">Seconds of training, validation included, over all resumes; the evaluations before and after are left out.</param>
/// <param name="BestStep">The checkpoint with the best validation score, the latest of equals, which <paramref name="After"/> evaluates.</param>
/// <param name="Before">The starting model on test problems; null where the recipe asks for none.</param>
/// <param name="After">The best checkpoint on the same problems with the same seed; null where the recipe asks for none.</param>
public sealed record TrainSummary(
    string Run, int Steps, double Seconds, int BestStep, EvaluationReport? Before, EvaluationReport? After)
{
    /// <summary>The metric of validation that chose <see cref="BestStep"/>: <c>validation_reward</c>, <c>exact_kl</c> (the least), <c>validation_loss</c>
    /// (the least) or <c>validation_accuracy</c>; null where nothing was validated, and it is the last step.</summary>
    public string? BestBy { get; init; }
}

/// <summary>That a task has what a run is to be measured on, said before the run begins and not hours later.</summary>
internal static class MeasuredSplits
{
    /// <exception cref="BadInputException">There are no problems to validate or to test on.</exception>
    public static void Require(ITask task, EvaluationOptions options)
    {
        if (options.Every > 0 && task.Problems(Split.Validation).Count == 0)
            throw new BadInputException("task: there are no validation problems; name a file of them, or set evaluation.every to 0.");
        if (options.TestProblems > 0 && task.Problems(Split.Test).Count == 0)
            throw new BadInputException("task: there are no test problems; name a file of them, or set evaluation.test_problems to 0.");
    }
}
