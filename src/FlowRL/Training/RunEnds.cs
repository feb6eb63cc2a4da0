using System.Text.Json;
using FlowRL.Models;
using FlowRL.Checkpoints;
using FlowRL.Evaluation;
using FlowRL.Recipes;
using FlowRL.Tasks;
using Microsoft.Extensions.Logging;

namespace FlowRL.Training;

/// <summary>The evaluations on test problems before and after a run, with the same problems and the same seed.</summary>
internal sealed class RunEnds(RunFolder folder, Evaluator evaluator, EvaluationOptions options, ulong seed, ILogger logger)
{
    /// <summary>The starting model; read back when a resumed run has it already.</summary>
    public EvaluationReport? Before(CancellationToken cancellation)
    {
        if (options.TestProblems == 0) return null;
        if (File.Exists(folder.Before)) return Read(folder.Before);
        var report = Test("before", cancellation);
        AtomicFile.Write(folder.Before, JsonSerializer.Serialize(report));
        return report;
    }

    private static EvaluationReport Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<EvaluationReport>(File.ReadAllText(path)) ?? throw new JsonException();
        }
        catch (JsonException damaged)
        {
            throw new BadInputException($"{path} is damaged: it is no evaluation; delete it, and it is made again.", damaged);
        }
    }

    /// <summary>The checkpoint that was best on validation problems; then everything is summed up in <c>summary.json</c>.</summary>
    public TrainSummary After(
        LanguageModel model, CheckpointStore store, int steps, double seconds, EvaluationReport? before, CancellationToken cancellation)
    {
        var best = CheckpointStore.BestOrLatest(store.All()) ?? throw new InvalidOperationException($"{folder.Checkpoints} holds no checkpoint after a run.");
        EvaluationReport? after = null;
        if (options.TestProblems > 0)
        {
            PretrainedModel.Restore(best.Folder, model);
            after = Test($"after (step {best.Step}, the best on validation)", cancellation);
        }
        var summary = new TrainSummary(folder.Path, steps, seconds, best.Step, before, after);
        AtomicFile.Write(folder.Summary, JsonSerializer.Serialize(summary, JsonOutput.Options));
        return summary;
    }

    private EvaluationReport Test(string when, CancellationToken cancellation)
    {
        var problems = evaluator.Problems(Split.Test, options.TestProblems);
        logger.LogInformation("evaluating {When}: {Problems} test problems × {Samples} samples", when, problems.Count, options.TestSamples);
        var report = evaluator.Evaluate(problems, options.TestSamples, Seeds.Derive(seed, "test"), cancellation);
        logger.LogInformation("{When}: accuracy {Accuracy:P1}", when, report.Accuracy);
        return report;
    }
}
