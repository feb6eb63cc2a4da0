using FlowRL.Evaluation;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Training;

namespace FlowRL.Runs;

/// <summary>Evaluations during a run beside its validation (<see cref="EvaluationOptions.Further"/>), each time with the same draws.</summary>
internal sealed class FurtherEvaluations : IStepMeasurements, IDisposable
{
    private readonly Stack<IDisposable> _owned = new();
    private readonly List<(string Name, FurtherEvaluationOptions Options, Evaluator Evaluator, IReadOnlyList<Problem> Problems)> _all = [];
    private readonly ulong _seed;

    /// <param name="options">What is evaluated.</param>
    /// <param name="own">The run's task; borrowed. Null where it has none.</param>
    /// <param name="seed">The run's.</param>
    /// <param name="evaluator">Makes an evaluator of the policy on a task; owned from then on.</param>
    /// <exception cref="BadInputException">A task's data is missing, or it has no problems.</exception>
    public FurtherEvaluations(EvaluationOptions options, ITask? own, ulong seed, Func<ITask, SamplingOptions, Evaluator> evaluator)
    {
        _seed = seed;
        try
        {
            foreach (var (name, one) in options.Further)
            {
                Add(name, one, one.Task is { } other ? Owned(other.Create()) : own ?? throw new BadInputException(
                    $"evaluation.further.{name}: has no task, and neither has the recipe; name one in evaluation.further.{name}.task."), evaluator);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Responses of a whole run.</summary>
    /// <param name="steps">Of the run.</param>
    /// <param name="validations">Of the run; what has no steps of its own comes with them, and at the end in any case.</param>
    public double Responses(int steps, int validations) => _all.Sum(one => (double)one.Problems.Count * one.Options.Samples
        * (one.Options.Every > 0 ? (steps + one.Options.Every - 1) / one.Options.Every : Math.Max(validations, 1)));

    public IReadOnlyDictionary<string, double> Measure(int step, bool isValidated, bool ends, CancellationToken cancellation)
    {
        var metrics = new Dictionary<string, double>();
        foreach (var (name, options, evaluator, problems) in _all)
        {
            if (!ends && (options.Every > 0 ? step % options.Every != 0 : !isValidated)) continue;
            var report = evaluator.Evaluate(problems, options.Samples, Seeds.Derive(_seed, $"evaluation {name}"), cancellation);
            metrics[$"evaluation/{name}/accuracy"] = report.Accuracy;
            metrics[$"evaluation/{name}/reward"] = report.Reward ?? double.NaN;
            metrics[$"evaluation/{name}/distinct"] = report.DistinctCorrect;
            metrics[$"evaluation/{name}/truncated"] = report.Truncated;
        }
        return metrics;
    }

    public void Dispose()
    {
        while (_owned.TryPop(out var part)) part.Dispose();
    }

    private void Add(string name, FurtherEvaluationOptions one, ITask task, Func<ITask, SamplingOptions, Evaluator> create)
    {
        var evaluator = create(task, one.Sampling);
        _owned.Push(evaluator);
        var problems = evaluator.Problems(one.Split, one.Problems);
        if (problems.Count == 0)
        {
            throw new BadInputException($"evaluation.further.{name}: there are no {one.Split.ToString().ToLowerInvariant()} problems; " +
                "name a file of them, or choose another split.");
        }
        _all.Add((name, one, evaluator, problems));
    }

    private ITask Owned(ITask task)
    {
        if (task is IDisposable disposable) _owned.Push(disposable);
        return task;
    }
}
