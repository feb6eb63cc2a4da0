using System.Text.Json.Nodes;
using FlowRL.Files;
using FlowRL.Models;
using FlowRL.Tasks;

namespace FlowRL.Training.Supervised;

/// <summary>What supervised training learns from, and in which order.</summary>
internal interface ILessons
{
    /// <summary>How many of what a batch counts make an epoch.</summary>
    int Count { get; }

    /// <summary>What a step learns, in passes over the layers. A function of the seed and the step.</summary>
    IReadOnlyList<TokenSequence[]> At(int step);

    /// <summary>On what the loss is measured; empty where nothing is held back.</summary>
    IReadOnlyList<TokenSequence> Held { get; }

    /// <summary>Writes which lessons a checkpoint has behind it.</summary>
    void Save(string folder, int steps) { }

    /// <summary>Makes sure that those that follow are of the same data.</summary>
    /// <exception cref="BadInputException">They are not.</exception>
    void Restore(string folder) { }
}

/// <summary>A task's demonstrations: each time a problem comes around it is demonstrated anew.</summary>
internal sealed class DemonstratedLessons : ILessons
{
    private readonly LanguageModel _model;
    private readonly IDemonstratedTask _task;
    private readonly SftOptions _options;
    private readonly ProblemOrder _order;

    /// <exception cref="BadInputException">No training problem has a demonstration.</exception>
    public DemonstratedLessons(LanguageModel model, IDemonstratedTask task, SftOptions options)
    {
        (_model, _task, _options) = (model, task, options);
        var demonstrated = task.Problems(Split.Train).Where(task.CanDemonstrate).ToList();
        if (demonstrated.Count == 0 && task.Problems(Split.Train).Count > 0)
            throw new BadInputException($"task: none of the {task.Problems(Split.Train).Count} training problems has a solution to learn from; " +
                "name their field in task.data.fields.solution.");
        _order = new ProblemOrder(demonstrated, options.Batch, options.Seed);
    }

    public int Count => _order.Count;

    public IReadOnlyList<TokenSequence[]> At(int step) =>
        MicroBatches.Of(Demonstrations(_order.At(step), Seeds.Derive(_options.Seed, "demonstration", step)), _options.TokenBudget);

    // The same demonstrations each time: the loss then moves only because the model does.
    public IReadOnlyList<TokenSequence> Held => Demonstrations(
        [.. _task.Problems(Split.Validation).Take(_options.Evaluation.ValidationProblems).Where(_task.CanDemonstrate)],
        Seeds.Derive(_options.Seed, "validation demonstration"));

    private List<TokenSequence> Demonstrations(IReadOnlyList<Problem> problems, ulong seed) => [.. problems.Select((problem, i) =>
        new TokenSequence(_model.EncodePrompt(problem.Prompt), _model.EncodeCompletion(_task.Demonstrate(problem, Seeds.Derive(seed, "", i)))))];
}

/// <summary>Examples from files: each once an epoch, in an order that the seed gives each epoch anew, one by one or in packs.</summary>
internal sealed class ExampleLessons : ILessons
{
    private const string File = "examples.json";
    private readonly ExampleSet _examples;
    private readonly SftOptions _options;
    private readonly EpochOrder _order;
    private readonly ulong _seed;
    private (long Epoch, IReadOnlyList<int[]> Packs) _current = (-1, []);

    public ExampleLessons(ExampleSet examples, SftOptions options)
    {
        (_examples, _options, _seed) = (examples, options, Seeds.Derive(options.Seed, "examples"));
        Count = options.Packing == PackingRule.None ? examples.Train.Count : Packs(0).Count;
        _order = new EpochOrder(Count, options.Batch, _seed);
    }

    public int Count { get; }

    public IReadOnlyList<TokenSequence> Held => [.. _examples.Validation.Take(_options.Evaluation.ValidationProblems)];

    public IReadOnlyList<TokenSequence[]> At(int step)
    {
        var places = _order.At(step);
        return _options.Packing == PackingRule.None
            ? MicroBatches.Of([.. places.Select(place => _examples.Train[place.Index])], _options.TokenBudget)
            : [.. places.Select(place => Packs(place.Epoch)[place.Index].Select(example => _examples.Train[example]).ToArray())];
    }

    public void Save(string folder, int steps)
    {
        var (epoch, next) = Math.DivRem((long)steps * _options.Batch, Count);
        System.IO.File.WriteAllText(Path.Combine(folder, TrainerState.Folder, File), new JsonObject
        {
            ["examples"] = _examples.Train.Count,
            ["sum"] = _examples.Sum(),
            ["epoch"] = epoch,
            ["next"] = next,
        }.ToJsonString() + "\n");
    }

    public void Restore(string folder)
    {
        var path = Path.Combine(folder, TrainerState.Folder, File);
        var (count, sum) = InputFile.ReadJson(path, "which examples were learnt", root =>
            (root.GetProperty("examples").GetInt32(), root.GetProperty("sum").GetString()));
        if (sum != _examples.Sum()) throw new BadInputException(
            $"data: gives other examples ({_examples.Train.Count}) than those that the run was started with ({count}), so that it cannot go on in the same " +
            "order; put the files back, or start a new run with model.path naming this one.");
    }

    /// <summary>The packs of an epoch: which examples meet changes with it, how many packs there are does not.</summary>
    private IReadOnlyList<int[]> Packs(long epoch)
    {
        if (_current.Epoch == epoch) return _current.Packs;
        var order = Seeds.Permutation(Seeds.Derive(_seed, "packs", epoch), _examples.Train.Count);
        var packs = Packing.BestFit([.. order.Select(example => _examples.Train[example].Length)], _options.TokenBudget);
        _current = (epoch, [.. packs.Select(pack => pack.Select(place => order[place]).ToArray())]);
        return _current.Packs;
    }
}
