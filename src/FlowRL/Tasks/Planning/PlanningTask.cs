using System.Collections.Concurrent;
using FlowRL.Verifiers.Planning;

namespace FlowRL.Tasks.Planning;

/// <summary>
/// Planning with a validator: a response is right where its steps can be taken one after the other and the goal holds at the end. Thread-safe.
/// </summary>
internal sealed class PlanningTask : IDemonstratedTask
{
    private readonly PlanningOptions _options;
    private readonly Dictionary<Split, IReadOnlyList<Problem>> _problems;
    private readonly Dictionary<string, PlanningProblem> _worlds;
    private readonly ConcurrentDictionary<string, PlanSearch> _searches = new();

    /// <exception cref="BadInputException">A PDDL file is missing, or damaged.</exception>
    public PlanningTask(PlanningOptions options)
    {
        _options = options;
        var made = PlanningProblems.Of(options);
        _worlds = made.Values.SelectMany(problems => problems).DistinctBy(problem => problem.Name).ToDictionary(problem => problem.Name);
        _problems = made.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<Problem>)[.. pair.Value.Select(problem =>
            new Problem(problem.Name, PlanningPrompt.Of(problem), string.Join(' ', problem.Goal.Select(literal => literal.Fact.Text))))]);
    }

    public string Name => "planning";

    public IReadOnlyList<Problem> Problems(Split split) => _problems[split];

    public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation)
    {
        var plan = PlanText.Read(response);
        var verdict = PlanValidator.Validate(_worlds[problem.Id], plan);
        var canBeTaken = verdict.Steps == plan.Count;
        var reward = verdict.IsValid ? 1 : canBeTaken ? _options.Partial * verdict.GoalShare : 0;
        var parts = new Dictionary<string, double>
        {
            ["valid"] = verdict.IsValid ? 1 : 0,
            ["executable"] = canBeTaken ? 1 : 0,
            ["goal"] = verdict.GoalShare,
            ["steps"] = plan.Count,
        };
        var text = string.Concat(plan);
        return ValueTask.FromResult(new Verdict(new Reward.Score(reward, parts), verdict.IsValid ? "valid" : text, verdict.IsValid ? text : null));
    }

    /// <summary>A plan may go in circles first, so there is no last one.</summary>
    public int? CountSolutions(Problem problem) => null;

    /// <exception cref="BadInputException">There is no plan, or none that a small search finds.</exception>
    public string Demonstrate(Problem problem, ulong seed) =>
        _searches.GetOrAdd(problem.Id, id => new PlanSearch(_worlds[id])).Shortest(Seeds.Derive(seed, "plan")) is { } plan
        ? string.Concat(plan) : throw new BadInputException($"Problem '{problem.Id}': no plan was found to demonstrate.");
}
