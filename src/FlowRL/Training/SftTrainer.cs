using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Tasks;
using FlowRL.Telemetry;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>
/// Supervised training on demonstrations: mean negative log-likelihood of the completion's tokens, the prompt's left out. Each time a
/// problem comes around it is demonstrated anew.
/// </summary>
internal sealed class SftTrainer : ITrainer, IDisposable
{
    private readonly LanguageModel _model;
    private readonly IDemonstratedTask _task;
    private readonly SftOptions _options;
    private readonly ProblemOrder _order;
    private readonly AdamW _optimizer;
    private readonly Updater _updater;
    private readonly Evaluator _evaluator;

    /// <param name="model">What is trained; borrowed.</param>
    /// <param name="task">Gives demonstrations.</param>
    /// <param name="evaluator">Measures the same model; borrowed.</param>
    /// <param name="options">How much at a time.</param>
    /// <exception cref="BadInputException">No training problem has a demonstration.</exception>
    public SftTrainer(LanguageModel model, IDemonstratedTask task, Evaluator evaluator, SftOptions options)
    {
        (_model, _task, _evaluator, _options) = (model, task, evaluator, options);
        var demonstrated = task.Problems(Split.Train).Where(task.CanDemonstrate).ToList();
        if (demonstrated.Count == 0 && task.Problems(Split.Train).Count > 0)
            throw new BadInputException($"task: none of the {task.Problems(Split.Train).Count} training problems has a solution to learn from; " +
                "name their field in task.data.fields.solution.");
        _order = new ProblemOrder(demonstrated, options.Batch, options.Seed);
        _optimizer = new AdamW(options.Optimizer);
        _optimizer.AddGroup("policy.", model.Decoder.Trainable, 1);
        Steps = Epochs.Steps(options.Epochs, options.Steps, _order.Count, options.Batch);
        _updater = new Updater(_optimizer, options.Optimizer, Steps);
    }

    /// <summary>Optimiser steps of the whole run.</summary>
    public int Steps { get; }

    public IReadOnlyDictionary<string, double> Step(int step, CancellationToken cancellation)
    {
        var sequences = Demonstrations(_order.At(step), Seeds.Derive(_options.Seed, "demonstration", step));
        var metrics = new Metrics();
        var (loss, entropy) = Gradient(sequences, Seeds.Derive(_options.Seed, "dropout", step), cancellation);
        metrics.Add("entropy", entropy);
        _updater.Apply(loss, metrics);
        metrics.Add("tokens", sequences.Sum(sequence => sequence.Length));
        return metrics.Values();
    }

    public IReadOnlyDictionary<string, double> Validate(int step, CancellationToken cancellation)
    {
        var problems = ValidationProblems();
        var report = _evaluator.Evaluate(problems, _options.Evaluation.ValidationSamples, Seeds.Derive(_options.Seed, "validation"), cancellation);
        var metrics = new Dictionary<string, double> { [MetricNames.ValidationAccuracy] = report.Accuracy, [MetricNames.ValidationScore] = report.Accuracy };
        if (Demonstrated(problems) is { Count: > 0 } demonstrated)
        {
            var loss = ValidationLoss(demonstrated, cancellation);
            (metrics[MetricNames.ValidationLoss], metrics[MetricNames.ValidationScore]) = (loss, -loss);
        }
        return metrics;
    }

    /// <summary>The loss where validation problems have demonstrations, else the accuracy.</summary>
    public string ScoredBy => Demonstrated(ValidationProblems()).Count > 0 ? MetricNames.ValidationLoss : MetricNames.ValidationAccuracy;

    public void Save(string folder) => TrainerState.Save(folder, _model, _optimizer, []);

    public void Restore(string folder) => TrainerState.Restore(folder, _model, _optimizer, []);

    public void Dispose() => _optimizer.Dispose();

    private List<Problem> ValidationProblems() => [.. _task.Problems(Split.Validation).Take(_options.Evaluation.ValidationProblems)];

    private List<Problem> Demonstrated(IEnumerable<Problem> problems) => [.. problems.Where(_task.CanDemonstrate)];

    /// <summary>Cancelled, it leaves no gradient behind.</summary>
    private (double Loss, double Entropy) Gradient(IReadOnlyList<TokenSequence> sequences, ulong dropoutSeed, CancellationToken cancellation)
    {
        try
        {
            return Supervised.Backward(_model.Decoder, sequences, _options.TokenBudget, dropoutSeed, cancellation);
        }
        catch (OperationCanceledException)
        {
            _optimizer.ZeroGradients();
            throw;
        }
    }

    // The same demonstrations each time: the loss then moves only because the model does.
    private double ValidationLoss(IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        var sequences = Demonstrations(problems, Seeds.Derive(_options.Seed, "validation demonstration"));
        var scores = ReferenceScorer.Score(_model.Decoder, sequences, 1, _options.TokenBudget, cancellation);
        return -scores.Sum(score => score.Sum(logProb => (double)logProb)) / Math.Max(1, scores.Sum(score => score.Length));
    }

    private List<TokenSequence> Demonstrations(IReadOnlyList<Problem> problems, ulong seed) => [.. problems.Select((problem, i) =>
        new TokenSequence(_model.EncodePrompt(problem.Prompt), _model.EncodeCompletion(_task.Demonstrate(problem, Seeds.Derive(seed, "", i)))))];
}

/// <summary>What supervised training has to know of its recipe.</summary>
/// <param name="Seed">From which every random choice is derived.</param>
/// <param name="Steps">Optimiser steps of the whole run.</param>
/// <param name="Batch">Demonstrations a step.</param>
/// <param name="TokenBudget">Tokens of one forward and backward pass.</param>
/// <param name="Optimizer">Optimiser and learning-rate schedule.</param>
/// <param name="Evaluation">Validation.</param>
internal sealed record SftOptions(ulong Seed, int Steps, int Batch, int TokenBudget, OptimizerOptions Optimizer, EvaluationOptions Evaluation)
{
    /// <summary>Passes over the problems, in place of <see cref="Steps"/>; 0 where those are counted.</summary>
    public double Epochs { get; init; }
}

/// <summary>Mean negative log-likelihood of responses, the prompt's tokens left out.</summary>
internal static class Supervised
{
    /// <summary>Adds the gradient of the loss of <paramref name="sequences"/>, a micro-batch at a time.</summary>
    /// <param name="model">The policy.</param>
    /// <param name="sequences">Prompts with their responses.</param>
    /// <param name="tokenBudget">Tokens of a micro-batch.</param>
    /// <param name="dropoutSeed">Of the adapters' dropout, where they have some.</param>
    /// <param name="cancellation">Ends it between micro-batches.</param>
    /// <returns>The loss and the mean entropy, both in nats a response token.</returns>
    public static (double Loss, double Entropy) Backward(
        Decoder model, IReadOnlyList<TokenSequence> sequences, int tokenBudget, ulong dropoutSeed, CancellationToken cancellation)
    {
        var tokens = sequences.Sum(sequence => sequence.Response.Length);
        var (loss, entropySum) = (0.0, 0.0);
        foreach (var (number, micro) in MicroBatches.Split(sequences, tokenBudget).Index())
        {
            cancellation.ThrowIfCancellationRequested();
            using var dropping = model.DropOut(Seeds.Derive(dropoutSeed, "micro-batch", number));
            using var scope = NewDisposeScope();
            var share = micro.Sum(index => sequences[index].Response.Length) / (double)tokens;
            using var pass = new PolicyPass(model, [.. micro.Select(index => sequences[index])], share);
            var (logProbs, entropy) = pass.LogProbs(temperature: 1);
            var part = -logProbs.sum() / Scalars.Of((double)tokens);
            part.backward();
            loss += part.item<float>() + pass.BalanceLoss;
            entropySum += entropy.detach().sum().item<float>();
        }
        return (loss, entropySum / tokens);
    }
}
