using System.Text.Json.Nodes;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Single-stream policy optimisation (arXiv 2509.13232): no groups. The baseline of a response is the tracked value of its problem as it
/// was before the response; A = r − v is normalised over the rollout batch, every response counting the same; clipped token
/// ratios, token mean. Problems are drawn by √(v·(1 − v)) + ε. Differences: <see cref="ValueTracker"/>.
/// </summary>
public sealed class SpoObjective(SpoOptions options) : PolicyGradientObjective(options), IDriftObserver, IProblemPriority
{
    private const string TrackerKey = "values";

    private readonly ValueTracker _values = new(options.DriftHalf, options.ForgetLow, options.ForgetHigh);

    public override string Name => "spo";

    public override int MinimumGroupSize => 1;

    public void ObserveDrift(double drift) => _values.Moved(drift);

    public bool Prioritises => options.Prioritised;

    public double Weight(string problem)
    {
        var value = Math.Clamp(_values.Value(problem), 0, 1);
        return Math.Sqrt(value * (1 - value)) + options.Exploration;
    }

    public override JsonObject Save()
    {
        var state = base.Save();
        state[TrackerKey] = _values.Save();
        return state;
    }

    public override void Restore(JsonObject state)
    {
        base.Restore(state);
        _values.Restore(state[TrackerKey] as JsonObject ?? throw new FormatException($"'{TrackerKey}' is missing"));
    }

    private protected override IEnumerable<Credit> Credits(IReadOnlyList<CreditInput> responses, Dictionary<string, double> metrics)
    {
        double[] advantages = [.. responses.Select(r => PenalisedReward(r) - _values.Value(r.Problem))];
        metrics["value"] = responses.Count == 0 ? 0 : responses.Average(r => _values.Value(r.Problem));
        metrics["value_kept"] = _values.Visit(responses.Where(r => r.IsTrained && !r.IsReplayed).Select(r => (r.Problem, r.Reward)));
        var normalised = BatchNormalisation.OfResponses(responses, advantages);
        return responses.Select((r, i) => Credit.Uniform(normalised[i], r.OldLogProbs.Length));
    }
}
