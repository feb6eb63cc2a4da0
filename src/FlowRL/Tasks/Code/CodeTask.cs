using System.Collections.Concurrent;
using FlowRL.Tasks.ProblemSets;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tasks.Code;

/// <summary>Programming problems with tests. Correct programs that differ only in names and layout are one solution. Thread-safe.</summary>
internal sealed class CodeTask : IDemonstratedTask, IWaitingTask, IDisposable
{
    private const double LongestReference = 60;
    private readonly CodeVerifier _verifier;
    private readonly CodeVerifier _patient;
    private readonly CodeTaskOptions _options;
    private readonly ConcurrentDictionary<string, Lazy<double>> _seconds = new();
    private readonly ProblemSet _set;
    private readonly Dictionary<string, CodeProblem> _tests;
    private readonly Dictionary<string, string> _solutions;
    private readonly Dictionary<Split, IReadOnlyList<Problem>> _problems;

    /// <exception cref="BadInputException">A data file is missing or damaged, or programs cannot be isolated here.</exception>
    public CodeTask(CodeTaskOptions options)
    {
        _verifier = new CodeVerifier(options.Score == CodeScore.Share ? options.Code with { StopAtFailure = false } : options.Code);
        _patient = new CodeVerifier(options.Code with { TimeLimit = LongestReference });
        _options = options;
        var rows = new CodeRows(options.Data);
        _set = ProblemSet.Load(options.Data, rows);
        _tests = rows.Problems;
        if (options.MaxTests > 0)
        {
            foreach (var row in _set[Split.Train]) _tests[row.Problem.Prompt.Text] = _tests[row.Problem.Prompt.Text].WithLongest(options.MaxTests);
        }
        foreach (var language in _tests.Values.Select(problem => problem.Language).Distinct()) _verifier.Require(language);
        _problems = Enum.GetValues<Split>().ToDictionary(split => split, split => (IReadOnlyList<Problem>)[.. _set[split].Select(row => row.Problem)]);
        _solutions = Enum.GetValues<Split>().SelectMany(split => _set[split]).Where(row => row.Solution is not null)
            .ToDictionary(row => row.Problem.Id, row => row.Solution!);
    }

    public string Name => "code";

    public int VerdictsAtOnce => _verifier.AtOnce;

    public IEnumerable<string> Notes => _set.Report.Lines();

    public IReadOnlyList<Problem> Problems(Split split) => _problems[split];

    public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation)
    {
        var tested = _tests[problem.Prompt.Text];
        var program = ProgramAssembly.Of(tested, response);
        var verdict = program is null
            ? new CodeVerdict(CodeOutcome.Refused, 0, 1, "no program in the response")
            : _verifier.Verify(program, tested.Language, tested.Tests with { Seconds = tested.Tests.Seconds ?? Seconds(problem, tested) }, cancellation);
        var parts = Enum.GetValues<CodeOutcome>()
            .ToDictionary(outcome => outcome.ToString().ToLowerInvariant(), outcome => verdict.Outcome == outcome ? 1.0 : 0.0);
        parts["share"] = verdict.Share;
        var reward = _options.Score == CodeScore.Share ? verdict.Share : verdict.IsCorrect ? 1 : 0;
        var identity = program is null ? null : ProgramIdentity.Of(program, tested.Language);
        var score = new Reward.Score(reward, parts);
        return ValueTask.FromResult(verdict.IsCorrect ? new Verdict(score, "passes", identity) : new Verdict(score, identity, null));
    }

    public int? CountSolutions(Problem problem) => null;

    public bool CanDemonstrate(Problem problem) => _solutions.ContainsKey(problem.Id);

    public string Demonstrate(Problem problem, ulong seed) => _solutions.TryGetValue(problem.Id, out var solution) ? solution
        : throw new BadInputException($"Problem '{problem.Id}' has no program to learn from.");

    public void Dispose()
    {
        _verifier.Dispose();
        _patient.Dispose();
    }

    /// <summary>What a test may take, from what the reference solution takes here; measured once.</summary>
    private double Seconds(Problem problem, CodeProblem tested) => _options.TimeMultiple == 0 || !_solutions.TryGetValue(problem.Id, out var solution)
        ? _options.Code.TimeLimit
        : _seconds.GetOrAdd(problem.Id, _ => new Lazy<double>(() =>
        {
            var reference = ProgramAssembly.Of(tested, solution) ?? solution;
            // All samples of the problem wait for it, so it does not end with the time of the one that asked first.
            var took = _patient.Verify(reference, tested.Language, tested.Tests, CancellationToken.None).Longest.TotalSeconds;
            return Math.Clamp(_options.TimeMultiple * took, _options.Code.TimeLimit, LongestReference);
        })).Value;
}
