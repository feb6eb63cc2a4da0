using System.Collections.Concurrent;

namespace FlowRL.Tasks.Countdown;

/// <summary>
/// Countdown. The prompt <c>8,3,2,7=16:</c> gives numbers and a target; the response is a chain of steps and then the expression:
/// <c>8/2=4;7-3=4;4*4=16;8/2*(7-3)</c>. All canonical solutions are known by enumeration. Thread-safe.
/// </summary>
internal sealed class CountdownTask : IDemonstratedTask
{
    private readonly Dictionary<Split, Lazy<IReadOnlyList<Problem>>> _splits;
    private readonly ConcurrentDictionary<string, int> _solutionCounts = new();

    /// <exception cref="BadInputException">A range of <paramref name="options"/> is empty.</exception>
    public CountdownTask(CountdownOptions options)
    {
        var errors = options.Validate().ToList();
        if (errors.Count > 0) throw new BadInputException(string.Join(Environment.NewLine, errors.Select(error => $"task.{error}")));
        _splits = Enum.GetValues<Split>().ToDictionary(
            split => split,
            split => new Lazy<IReadOnlyList<Problem>>(() => CountdownProblems.Of(options, split)));
    }

    public string Name => "countdown";

    /// <summary>The problems of one split in a fixed pseudo-random order, so that the first N are a fair sample.</summary>
    public IReadOnlyList<Problem> Problems(Split split) => _splits[split].Value;

    public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation) =>
        ValueTask.FromResult(CountdownVerifier.Verify(CountdownPuzzle.Of(problem), response));

    /// <summary>The number of canonical solutions.</summary>
    public int? CountSolutions(Problem problem) => _solutionCounts.GetOrAdd(
        problem.Reference,
        static (_, problem) =>
        {
            var puzzle = CountdownPuzzle.Of(problem);
            return CountdownSolver.CanonicalSolutions(puzzle.Numbers, puzzle.Target).Count;
        },
        problem);

    /// <summary>
    /// A correct response: a canonical solution drawn uniformly, one of its trees drawn uniformly, operands and independent steps in
    /// random order. Only solutions through integers of zero or more are demonstrated where there are any.
    /// </summary>
    /// <exception cref="BadInputException">The problem has no solution.</exception>
    public string Demonstrate(Problem problem, ulong seed)
    {
        var puzzle = CountdownPuzzle.Of(problem);
        var trees = CountdownSolver.Solutions(puzzle.Numbers, puzzle.Target, naturalOnly: true).ToList();
        if (trees.Count == 0) trees = CountdownSolver.Solutions(puzzle.Numbers, puzzle.Target).ToList();
        if (trees.Count == 0)
            throw new BadInputException($"Problem '{problem.Id}': there is no solution to demonstrate; choose another target.");
        var forms = trees.GroupBy(SolutionForm.Of).ToList();
        var form = forms[Seeds.Below(Seeds.Derive(seed, "form"), 0, forms.Count)].ToList();
        var tree = form[Seeds.Below(Seeds.Derive(seed, "tree"), 0, form.Count)];
        return Demonstration.Write(tree, Seeds.Derive(seed, "order"));
    }
}
