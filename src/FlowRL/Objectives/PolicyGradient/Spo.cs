using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Single-stream policy optimisation (arXiv 2509.13232): no groups. The baseline of a response is the tracked value of its problem as it
/// was before the response; A = r − v is normalised over the rollout batch, every response counting the same; clipped token
/// ratios, token mean. Problems are drawn by √(v·(1 − v)) + ε. Differences: <see cref="ValueTracker"/>.
/// </summary>
internal sealed class SpoObjective(SpoOptions options) : PolicyGradientObjective(options), IDriftObserver, IProblemPriority
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
        return responses.Select((r, i) => Credit.Uniform(normalised[i], r.Length));
    }
}

/// <summary>
/// SPO, with the settings of the paper and its published runs: clips of 0.2 and 0.28, dual clip 10, no KL. One response a problem is
/// what it is made for (rollout.group_size: 1).
/// </summary>
[Variant("spo")]
public sealed record SpoOptions : ClippedSurrogateOptions
{
    public SpoOptions()
    {
        EpsilonHigh = 0.28;
        DualClip = 10;
    }

    [Description("Drift of the policy, in nats a token, that halves what earlier rewards of a problem count.")]
    [Range(1e-6, 1000.0)]
    public double DriftHalf { get; init; } = 0.06;

    [Description("Smallest share that earlier rewards keep from one visit of a problem to the next.")]
    [Range(0.0, 0.9999)]
    public double ForgetLow { get; init; } = 0.875;

    [Description("Largest share that earlier rewards keep from one visit of a problem to the next.")]
    [Range(0.0, 1.0)]
    public double ForgetHigh { get; init; } = 0.96;

    [Description("Draw problems by how uncertain their value is, sqrt(v·(1 − v)); else each once an epoch.")]
    public bool Prioritised { get; init; } = true;

    [Description("Added to the uncertainty, so that every problem is drawn now and then.")]
    [Range(1e-6, 1000.0)]
    public double Exploration { get; init; } = 0.05;

    public override IObjective Create() => new SpoObjective(this);

    public override IEnumerable<string> Validate()
    {
        foreach (var error in base.Validate()) yield return error;
        if (ForgetLow > ForgetHigh)
        {
            yield return string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"forget_low: {ForgetLow} is above forget_high of {ForgetHigh}.");
        }
    }
}
