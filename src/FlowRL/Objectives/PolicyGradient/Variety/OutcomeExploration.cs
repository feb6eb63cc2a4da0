using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>
/// Outcome-based exploration (after the abstract of arXiv 2509.06941): answers that a problem has seldom had earn a bonus, and answers that a group repeats
/// pay for it,
/// <code>
/// r ← r + c/√N(x, a) − d·(share of the group's other responses with the same answer)      A = (r − mean)/(std + 1e-6)
/// </code>
/// N counts the answer a to the problem x over the whole run, this visit included; wrong answers count like right ones. A response without an answer has
/// neither.
/// </summary>
internal sealed class OutcomeExplorationObjective(OutcomeExplorationOptions options) : GroupObjective(options)
{
    private const string CountsKey = "answers";

    private readonly SortedDictionary<string, SortedDictionary<string, int>> _counts = new(StringComparer.Ordinal);

    public override string Name => "outcome_exploration";

    public override JsonObject Save()
    {
        var state = base.Save();
        state[CountsKey] = new JsonObject(_counts.Select(problem => KeyValuePair.Create<string, JsonNode?>(problem.Key,
            new JsonObject(problem.Value.Select(answer => KeyValuePair.Create<string, JsonNode?>(answer.Key, answer.Value))))));
        return state;
    }

    public override void Restore(JsonObject state)
    {
        base.Restore(state);
        _counts.Clear();
        foreach (var (problem, answers) in state[CountsKey] as JsonObject ?? throw new FormatException($"'{CountsKey}' is missing"))
        {
            var counts = _counts[problem] = new SortedDictionary<string, int>(StringComparer.Ordinal);
            foreach (var (answer, count) in answers as JsonObject ?? throw new FormatException($"problem '{problem}' has no counts"))
            {
                counts[answer] = (int?)count ?? throw new FormatException($"problem '{problem}' has an answer without a count");
            }
        }
    }

    private protected override IEnumerable<Credit> Credits(IReadOnlyList<CreditInput> responses, Dictionary<string, double> metrics)
    {
        foreach (var r in responses.Where(r => r.IsScored && !r.IsReplayed && r.Answer is not null))
        {
            if (!_counts.TryGetValue(r.Problem, out var answers)) _counts[r.Problem] = answers = new SortedDictionary<string, int>(StringComparer.Ordinal);
            answers[r.Answer!] = answers.GetValueOrDefault(r.Answer!) + 1;
        }
        metrics["answers_seen"] = _counts.Values.Sum(answers => answers.Count);
        return base.Credits(responses, metrics);
    }

    private protected override IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics)
    {
        double Seldom(CreditInput r) => r.Answer is null || !_counts.TryGetValue(r.Problem, out var answers) || !answers.TryGetValue(r.Answer, out var count)
            ? 0 : 1 / Math.Sqrt(count);
        double Repeated(CreditInput r) => r.Answer is null ? 0 : (group.Count(other => other.Answer == r.Answer) - 1.0) / Math.Max(1, group.Count - 1);
        double[] rewards = [.. group.Select(r => r.Reward + options.Bonus * Seldom(r) - options.Repetition * Repeated(r))];
        var adjusted = GroupStatistics.Of(rewards);
        return rewards.Select(adjusted.Normalise);
    }
}

/// <summary>Outcome-based exploration: no KL, token mean.</summary>
[Variant("outcome_exploration")]
public sealed record OutcomeExplorationOptions : ClippedSurrogateOptions
{
    [Description("c: what an answer earns the first time that a problem has it.")]
    [Range(0.0, 1000.0)]
    public double Bonus { get; init; } = 0.1;

    [Description("d: what an answer loses that the whole group has.")]
    [Range(0.0, 1000.0)]
    public double Repetition { get; init; } = 0.1;

    public override IObjective Create() => new OutcomeExplorationObjective(this);
}
