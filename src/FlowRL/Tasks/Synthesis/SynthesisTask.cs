using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Text.Json.Nodes;
using FlowRL.Tasks.Code;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tasks.Synthesis;

/// <summary>
/// Program synthesis from examples. The prompt shows what <c>f</c> gives for a few lists and begins the function; the response is the expression that it
/// returns. The program runs in a sandbox, on inputs that the prompt does not show. Thread-safe.
/// </summary>
internal sealed class SynthesisTask : IDemonstratedTask, IWaitingTask, IDisposable
{
    /// <summary>What prompts end with, and programs begin with.</summary>
    public const string Signature = "def f(x):\n    return ";

    private static readonly string[] Unusual = ["[]", "[7]", "[-3, 5, -8]", "[4, 4, 4, 4]", "[9, 1, 8, 2, 7, 3, 6, 4, 5, 0]", "[100, -100, 50]"];
    private readonly SynthesisOptions _options;
    private readonly CodeVerifier _verifier;
    private readonly Dictionary<Split, IReadOnlyList<Problem>> _problems;
    private readonly Dictionary<string, ReadOnlyCollection<ListProgram>> _programs;
    private const int MostKnown = 1 << 18;
    private readonly ConcurrentDictionary<(string Problem, string Program), Lazy<CodeVerdict>> _known = new();

    /// <exception cref="BadInputException">Programs cannot be isolated here.</exception>
    public SynthesisTask(SynthesisOptions options)
    {
        _options = options;
        _verifier = new CodeVerifier(options.Code with { StopAtFailure = options.Score == CodeScore.All });
        _verifier.Require(CodeLanguage.Python);
        var found = new SynthesisProblems(options);
        _problems = Enum.GetValues<Split>().ToDictionary(split => split, split => (IReadOnlyList<Problem>)[.. found[split].Select(one => one.Problem)]);
        _programs = Enum.GetValues<Split>().SelectMany(split => found[split]).ToDictionary(one => one.Problem.Id, one => one.Programs);
    }

    public string Name => "synthesis";

    public int VerdictsAtOnce => _verifier.AtOnce;

    public IReadOnlyList<Problem> Problems(Split split) => _problems[split];

    public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation)
    {
        var program = Signature + response.TrimEnd();
        var verdict = Run(problem, program);
        var reward = _options.Score == CodeScore.Share ? verdict.Share : verdict.IsCorrect ? 1 : 0;
        var parts = new Dictionary<string, double>
        {
            ["correct"] = verdict.IsCorrect ? 1 : 0,
            ["share"] = verdict.Share,
            ["runs"] = verdict.Outcome is CodeOutcome.Passed or CodeOutcome.Failed ? 1 : 0,
        };
        var identity = _options.Difference == ProgramDifference.Behaviour ? verdict.Observed : ProgramIdentity.Of(program, CodeLanguage.Python);
        var score = new Reward.Score(reward, parts);
        return ValueTask.FromResult(verdict.IsCorrect ? new Verdict(score, "right", identity) : new Verdict(score, response.Trim(), null));
    }

    /// <summary>Programs that nobody has thought of may be right as well, so there is no last one.</summary>
    public int? CountSolutions(Problem problem) => null;

    public string Demonstrate(Problem problem, ulong seed)
    {
        var programs = _programs[problem.Id];
        return programs[Seeds.Below(Seeds.Derive(seed, "program"), 0, programs.Count)].Text;
    }

    public void Dispose() => _verifier.Dispose();

    // Samples repeat each other, and verdicts are the same every time. A sandbox that could not be started is no verdict.
    private CodeVerdict Run(Problem problem, string program)
    {
        if (_known.Count > MostKnown) _known.Clear();
        var key = (problem.Id, program);
        try
        {
            return _known.GetOrAdd(key, _ => new Lazy<CodeVerdict>(() =>
                _verifier.Verify(program, CodeLanguage.Python, Tests(problem), CancellationToken.None))).Value;
        }
        catch
        {
            _known.TryRemove(key, out _);
            throw;
        }
    }

    private CodeTests Tests(Problem problem)
    {
        var cases = problem.Reference.Split('\n').Select(line => line.Split(' ')).Select(parts =>
            (CodeTest)new CodeTest.Arguments("f", [JsonNode.Parse(parts[0])], JsonNode.Parse(parts[1])));
        if (_options.Difference == ProgramDifference.Behaviour) cases = cases.Append(new CodeTest.Observe([.. Unusual.Select(input => $"f({input})")]));
        return new CodeTests([.. cases]);
    }
}
