using System.ComponentModel;
using System.Globalization;
using FlowRL.Configuration;
using FlowRL.Tasks.ProblemSets;
using FlowRL.Verifiers.Mathematics;
using FlowRL.Verifiers.Mathematics.Steps;

namespace FlowRL.Tasks.Mathematics;

/// <summary>
/// Mathematics with a verified answer: reward 1 where the final answer equals the right one, else 0. Responses that are right in different ways
/// are different solutions, where the way can be read: <see cref="WrittenSolution"/>. Thread-safe.
/// </summary>
internal sealed class MathTask : IDemonstratedTask
{
    private readonly ProblemSet _set;
    private readonly MathVerifier _verifier;
    private readonly Dictionary<string, string> _solutions;
    private readonly Dictionary<Split, IReadOnlyList<Problem>> _problems;

    /// <exception cref="BadInputException">A data file is missing or damaged.</exception>
    public MathTask(MathOptions options)
    {
        _set = ProblemSet.Load(options.Data);
        _verifier = new MathVerifier(options.Extraction, options.Rules);
        _problems = Enum.GetValues<Split>().ToDictionary(split => split, split => (IReadOnlyList<Problem>)[.. _set[split].Select(row => row.Problem)]);
        _solutions = Enum.GetValues<Split>().SelectMany(split => _set[split]).Where(row => row.Solution is not null)
            .ToDictionary(row => row.Problem.Id, row => row.Solution!);
    }

    public string Name => "math";

    public IEnumerable<string> Notes => _set.Report.Lines().Concat(UnreadableAnswers());

    public IReadOnlyList<Problem> Problems(Split split) => _problems[split];

    public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation)
    {
        var verdict = _verifier.Verify(problem.Reference, response);
        return ValueTask.FromResult(new Verdict(new Reward.Score(verdict.IsCorrect ? 1 : 0, new Dictionary<string, double>
        {
            ["correct"] = verdict.IsCorrect ? 1 : 0,
            ["answered"] = verdict.Answer is null ? 0 : 1,
            [Reward.UndecidedPart] = verdict.Comparison.Outcome == AnswerOutcome.Undecided ? 1 : 0,
        }), verdict.IsCorrect ? problem.Reference : verdict.Answer, verdict.IsCorrect ? WrittenSolution.Of(response, verdict.Answer!, problem.Reference) : null)
        {
            IsCorrect = verdict.IsCorrect,
        });
    }

    /// <summary>A line for each split that has right answers against which no response can earn anything but by repeating their text.</summary>
    private IEnumerable<string> UnreadableAnswers()
    {
        const int shown = 3;
        foreach (var (split, problems) in _problems)
        {
            var unreadable = problems.Select(problem => (Problem: problem, Why: MathVerifier.WhyUnreadable(problem.Reference)))
                .Where(pair => pair.Why is not null).ToList();
            if (unreadable.Count == 0) continue;
            var first = unreadable.Take(shown).Select(pair => $"{pair.Problem.Id}: '{Shortened(pair.Problem.Reference)}' ({pair.Why})");
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{unreadable.Count} of {problems.Count} right answers ({split.ToString().ToLowerInvariant()}) are not read by the verifier, ") +
                $"so that no other answer equals them: {string.Join(", ", first)}{(unreadable.Count > shown ? ", ..." : "")}";
        }
    }

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..57] + "...";

    public int? CountSolutions(Problem problem) => null;

    public bool CanDemonstrate(Problem problem) => _solutions.ContainsKey(problem.Id);

    public string Demonstrate(Problem problem, ulong seed) => _solutions.TryGetValue(problem.Id, out var solution) ? solution
        : throw new BadInputException($"Problem '{problem.Id}' has no worked solution to learn from.");
}

/// <summary>Problems from files whose final answer is compared with the right one.</summary>
[Variant("math")]
public sealed record MathOptions : TaskOptions
{
    [Description("Where the problems come from.")]
    public DataOptions Data { get; init; } = new();

    [Description("How a final answer is found in a response.")]
    public ExtractionOptions Extraction { get; init; } = new();

    [Description("When two answers are the same.")]
    public AnswerRules Rules { get; init; } = new();

    public override ITask Create() => new MathTask(this);

    internal override DataOptions? Files() => Data;
}
