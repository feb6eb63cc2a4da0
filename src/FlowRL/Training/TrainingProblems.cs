using FlowRL.Models;
using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Training;

/// <summary>The problems that are trained on, in the order of the run, as the policy's token ids.</summary>
internal sealed class TrainingProblems
{
    private const int PromptsTried = 20_000;
    private readonly LanguageModel _model;
    private readonly RolloutOptions _options;

    /// <param name="model">Encodes prompts; borrowed.</param>
    /// <param name="task">Whose problems.</param>
    /// <param name="options">Problems a step, and what happens to long prompts.</param>
    /// <param name="seed">Of the order.</param>
    /// <exception cref="BadInputException">There are no problems.</exception>
    public TrainingProblems(LanguageModel model, ITask task, RolloutOptions options, ulong seed)
    {
        (_model, _options) = (model, options);
        var problems = task.Problems(Split.Train);
        if (options.LongPrompts == LongPrompts.Skip)
        {
            var all = problems.Count;
            problems = [.. problems.Where(problem => Encode(problem).Length <= options.MaxPromptTokens)];
            Skipped = all - problems.Count;
        }
        Unwritable = Unknown(problems);
        Order = new ProblemOrder(problems, options.Problems, seed);
    }

    /// <summary>Training problems that were left out because of their length.</summary>
    public int Skipped { get; }

    /// <summary>How many of the first prompts hold what the vocabulary knows no token for, and the first such problem; null where none does.</summary>
    public (int Count, int Of, string First)? Unwritable { get; }

    /// <summary>Which problems a step sees.</summary>
    public ProblemOrder Order { get; }

    /// <summary>The policy that is trained on them.</summary>
    internal Decoder Policy => _model.Decoder;

    /// <exception cref="BadInputException">The prompt is longer than the recipe allows.</exception>
    public int[] PromptIds(Problem problem)
    {
        var ids = Encode(problem);
        return ids.Length <= _options.MaxPromptTokens ? ids : throw new BadInputException(
            $"The prompt of problem '{problem.Id}' has {ids.Length} tokens, more than rollout.max_prompt_tokens = " +
            $"{_options.MaxPromptTokens}; raise the limit, or set rollout.long_prompts to skip.");
    }

    /// <exception cref="BadInputException">A prompt cannot be written at all, or is longer than the recipe allows.</exception>
    private (int Count, int Of, string First)? Unknown(IReadOnlyList<Problem> problems)
    {
        var (count, of, first) = (0, Math.Min(problems.Count, PromptsTried), "");
        foreach (var problem in problems.Take(of))
        {
            var ids = PromptIds(problem);
            if (_model.Tokenizer.UnknownId is { } unknown && ids.Contains(unknown) && count++ == 0) first = problem.Id;
        }
        return count == 0 ? null : (count, of, first);
    }

    private int[] Encode(Problem problem)
    {
        try
        {
            return _model.EncodePrompt(problem.Prompt);
        }
        catch (BadInputException unwritable)
        {
            throw new BadInputException($"The prompt of problem '{problem.Id}': {unwritable.Message}", unwritable);
        }
    }
}

/// <summary>Which problems a step sees.</summary>
internal sealed class ProblemOrder
{
    private readonly IReadOnlyList<Problem> _problems;
    private readonly int _batch;
    private readonly ulong _seed;
    private readonly EpochOrder _order;

    /// <exception cref="BadInputException">There are no problems.</exception>
    public ProblemOrder(IReadOnlyList<Problem> problems, int batch, ulong seed)
    {
        if (problems.Count == 0) throw new BadInputException("The task has no training problems; check the data path and the filters of the recipe's 'task'.");
        (_problems, _batch, _seed) = (problems, batch, Seeds.Derive(seed, "problem order"));
        _order = new EpochOrder(problems.Count, batch, _seed);
    }

    /// <summary>Different problems.</summary>
    public int Count => _problems.Count;

    /// <summary>
    /// A step's problems drawn in proportion to <paramref name="weight"/>, without replacement while there are enough: the largest of
    /// log weight + Gumbel noise (arXiv 1903.06059, section 2.3).
    /// </summary>
    public IReadOnlyList<Problem> Draw(int step, Func<string, double> weight)
    {
        var noise = Seeds.Derive(_seed, "priority", step);
        double Key(int i) => Math.Log(weight(_problems[i].Id)) - Math.Log(-Math.Log(Math.Max(Seeds.Uniform(noise, i), double.Epsilon)));
        int[] order = [.. Enumerable.Range(0, _problems.Count).Select(i => (Index: i, Key: Key(i)))
            .OrderByDescending(pair => pair.Key).ThenBy(pair => pair.Index).Select(pair => pair.Index)];
        return [.. Enumerable.Range(0, _batch).Select(i => _problems[order[i % order.Length]])];
    }

    /// <summary>Problems to take the place of others, none of which is among <paramref name="taken"/> while there are enough.</summary>
    public IReadOnlyList<Problem> Refill(int step, int round, int count, IReadOnlySet<string> taken)
    {
        var order = Seeds.Permutation(Seeds.Derive(_seed, "refill", step, round), _problems.Count);
        return [.. order.Select(index => _problems[index]).OrderBy(problem => taken.Contains(problem.Id)).Take(count)];
    }

    public IReadOnlyList<Problem> At(int step) => [.. _order.At(step).Select(place => _problems[place.Index])];
}
