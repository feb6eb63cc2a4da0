using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Numerics.Products;
using FlowRL.Tasks;
using FlowRL.Telemetry;

namespace FlowRL.Training.Supervised;

/// <summary>Supervised training: <see cref="SupervisedLoss"/> of demonstrations or of examples from files.</summary>
internal sealed class SftTrainer : ITrainer, IDisposable
{
    private readonly LanguageModel _model;
    private readonly ILessons _lessons;
    private readonly Evaluator? _evaluator;
    private readonly SftOptions _options;
    private readonly AdamW _optimizer;
    private readonly Updater _updater;
    private int _taken;

    /// <param name="model">What is trained; borrowed.</param>
    /// <param name="lessons">What it learns from.</param>
    /// <param name="evaluator">Samples the same model on problems; borrowed. Null where there are none.</param>
    /// <param name="options">How much at a time.</param>
    public SftTrainer(LanguageModel model, ILessons lessons, Evaluator? evaluator, SftOptions options)
    {
        (_model, _lessons, _evaluator, _options) = (model, lessons, evaluator, options);
        _optimizer = new AdamW(options.Optimizer);
        _optimizer.AddGroup("policy.", model.Decoder.Trainable, 1);
        Steps = Epochs.Steps(options.Epochs, options.Steps, lessons.Count, options.Batch);
        _updater = new Updater(_optimizer, options.Optimizer, Steps);
    }

    /// <summary>Optimiser steps of the whole run.</summary>
    public int Steps { get; }

    public IReadOnlyDictionary<string, double> Step(int step, CancellationToken cancellation)
    {
        var passes = _lessons.At(step);
        var metrics = new Metrics();
        var (loss, entropy) = Gradient(passes, Seeds.Derive(_options.Seed, "dropout", step), cancellation);
        metrics.Add("entropy", entropy);
        _updater.Apply(loss, metrics);
        metrics.Add("tokens", passes.Sum(pass => pass.Sum(sequence => sequence.Length)));
        metrics.Add("tokens_taught", passes.Sum(pass => pass.Sum(sequence => sequence.TaughtTokens)));
        metrics.Add("epoch", (step + 1.0) * _options.Batch / _lessons.Count);
        _taken = step + 1;
        return metrics.Values();
    }

    public IReadOnlyDictionary<string, double> Validate(int step, CancellationToken cancellation)
    {
        var metrics = new Dictionary<string, double> { [MetricNames.ValidationScore] = double.NaN };
        if (_evaluator is { } evaluator)
        {
            var problems = evaluator.Problems(Split.Validation, _options.Evaluation.ValidationProblems);
            var report = evaluator.Evaluate(problems, _options.Evaluation.ValidationSamples, Seeds.Derive(_options.Seed, "validation"), cancellation);
            metrics[MetricNames.ValidationAccuracy] = metrics[MetricNames.ValidationScore] = report.Accuracy;
        }
        if (_lessons.Held is { Count: > 0 } held)
        {
            var loss = SupervisedLoss.Of(_model.Decoder, held, _options.TokenBudget, cancellation);
            (metrics[MetricNames.ValidationLoss], metrics[MetricNames.ValidationScore]) = (loss, -loss);
        }
        return metrics;
    }

    /// <summary>The loss where it is measured, else the accuracy.</summary>
    public string ScoredBy => _lessons.Held.Count > 0 ? MetricNames.ValidationLoss : MetricNames.ValidationAccuracy;

    public void Save(string folder)
    {
        TrainerState.Save(folder, _model, _optimizer, []);
        _lessons.Save(folder, _taken);
    }

    public void Restore(string folder)
    {
        _lessons.Restore(folder);
        TrainerState.Restore(folder, _model, _optimizer, []);
    }

    public void Dispose() => _optimizer.Dispose();

    /// <summary>Cancelled, it leaves no gradient behind.</summary>
    private (double Loss, double Entropy) Gradient(IReadOnlyList<TokenSequence[]> passes, ulong dropoutSeed, CancellationToken cancellation)
    {
        try
        {
            using var _ = ShortGradients.On(_options.Gradients == GradientType.Bfloat16);
            return SupervisedLoss.Backward(_model.Decoder, passes, dropoutSeed, cancellation);
        }
        catch (OperationCanceledException)
        {
            _optimizer.ZeroGradients();
            throw;
        }
    }
}

/// <summary>What supervised training has to know of its recipe.</summary>
/// <param name="Seed">From which every random choice is derived.</param>
/// <param name="Steps">Optimiser steps of the whole run.</param>
/// <param name="Batch">Demonstrations, examples or packs a step.</param>
/// <param name="TokenBudget">Tokens of one forward and backward pass.</param>
/// <param name="Optimizer">Optimiser and learning-rate schedule.</param>
/// <param name="Evaluation">Validation.</param>
internal sealed record SftOptions(ulong Seed, int Steps, int Batch, int TokenBudget, OptimizerOptions Optimizer, EvaluationOptions Evaluation)
{
    /// <summary>Passes over the lessons, in place of <see cref="Steps"/>; 0 where those are counted.</summary>
    public double Epochs { get; init; }

    /// <summary>Numbers of the backward pass.</summary>
    public GradientType Gradients { get; init; }

    /// <summary>Whether a step takes examples or packs of them.</summary>
    public PackingRule Packing { get; init; }
}
