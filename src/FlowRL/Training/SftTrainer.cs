using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Tasks;

namespace FlowRL.Training;

/// <summary>
/// Supervised training on demonstrations: mean negative log-likelihood of the completion's tokens, the prompt's left out. Each time a
/// problem comes around it is demonstrated anew.
/// </summary>
public sealed class SftTrainer : ITrainer, IDisposable
{
    private readonly LanguageModel _model;
    private readonly IDemonstratedTask _task;
    private readonly SftRecipe _recipe;
    private readonly ulong _seed;
    private readonly ProblemOrder _order;
    private readonly AdamW _optimizer;
    private readonly Updater _updater;
    private readonly Evaluator _evaluator;

    public SftTrainer(LanguageModel model, IDemonstratedTask task, SftRecipe recipe, Evaluator evaluator)
    {
        (_model, _task, _recipe, _evaluator) = (model, task, recipe, evaluator);
        _seed = (ulong)recipe.Run.Seed;
        var demonstrated = task.Problems(Split.Train).Where(task.CanDemonstrate).ToList();
        if (demonstrated.Count == 0 && task.Problems(Split.Train).Count > 0)
            throw new BadInputException($"task: none of the {task.Problems(Split.Train).Count} training problems has a solution to learn from; " +
                "name their field in task.data.fields.solution.");
        _order = new ProblemOrder(demonstrated, recipe.Batch, _seed);
        _optimizer = new AdamW(recipe.Optimizer);
        _optimizer.AddGroup("policy.", model.Decoder.Trainable, 1);
        _updater = new Updater(_optimizer, recipe.Optimizer, recipe.Steps);
    }

    public IReadOnlyDictionary<string, double> Step(int step, CancellationToken cancellation)
    {
        var sequences = Demonstrations(_order.At(step), Seeds.Derive(_seed, "demonstration", step));
        var metrics = new Metrics();
        var (loss, entropy) = Supervised.Backward(_model.Decoder, sequences, _recipe.TokenBudget, cancellation);
        metrics.Add("entropy", entropy);
        _updater.Apply(loss, metrics);
        metrics.Add("tokens", sequences.Sum(sequence => sequence.Length));
        return metrics.Values();
    }

    public IReadOnlyDictionary<string, double> Validate(int step, CancellationToken cancellation)
    {
        var problems = _task.Problems(Split.Validation).Take(_recipe.Evaluation.ValidationProblems).ToList();
        var report = _evaluator.Evaluate(problems, _recipe.Evaluation.ValidationSamples, Seeds.Derive(_seed, "validation"), cancellation);
        var metrics = new Dictionary<string, double> { ["validation_accuracy"] = report.Accuracy, ["validation_score"] = report.Accuracy };
        if (problems.Where(_task.CanDemonstrate).ToList() is { Count: > 0 } demonstrated)
        {
            var loss = ValidationLoss(demonstrated, cancellation);
            (metrics["validation_loss"], metrics["validation_score"]) = (loss, -loss);
        }
        return metrics;
    }

    public void Save(string folder) => TrainerState.Save(folder, _model, _optimizer, []);

    public void Restore(string folder) => TrainerState.Restore(folder, _model, _optimizer, []);

    public void Dispose() => _optimizer.Dispose();

    // The same demonstrations each time: the loss then moves only because the model does.
    private double ValidationLoss(IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        var sequences = Demonstrations(problems, Seeds.Derive(_seed, "validation demonstration"));
        var scores = ReferenceScorer.Score(_model.Decoder, sequences, 1, _recipe.TokenBudget, cancellation);
        return -scores.Sum(score => score.Sum(logProb => (double)logProb)) / Math.Max(1, scores.Sum(score => score.Length));
    }

    private List<TokenSequence> Demonstrations(IReadOnlyList<Problem> problems, ulong seed) => [.. problems.Select((problem, i) =>
        new TokenSequence(_model.EncodePrompt(problem.Prompt), _model.EncodeCompletion(_task.Demonstrate(problem, Seeds.Derive(seed, "", i)))))];
}
