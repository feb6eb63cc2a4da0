using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>
/// α-DPG (after the abstract of arXiv 2512.05962): the target is the reference on right answers, p = π_ref·1[right]/Z, approached by an α-divergence. With
/// f_α(t) = (t^α − α t − (1 − α))/(α(α − 1)) the gradient of D(π‖p) = E_p f_α(π/p) is E_π[f_α′(π/p)·∇log π], so that up to the factor 1/(1 − α)
/// <code>
/// A = (p(y)/π_old(y))^(1−α) − its mean over the group      0 in place of the power for a wrong answer
/// </code>
/// α = 0 follows forward KL, which covers; α near 1 reverse KL, which seeks. Z is the probability of a right answer under the reference, the mean over all
/// visits of the problem of 1[right]·π_ref/π_old, by whole responses; ratios are cut off at a cap.
/// </summary>
internal sealed class AlphaDpgObjective(AlphaDpgOptions options) : GroupObjective(options)
{
    private const string RatesKey = "rates";

    private readonly SortedDictionary<string, (double Sum, double Count)> _rates = new(StringComparer.Ordinal);

    public override string Name => "alpha_dpg";

    public override ObjectiveNeeds Needs => base.Needs | ObjectiveNeeds.Reference;

    public override JsonObject Save()
    {
        var state = base.Save();
        state[RatesKey] = new JsonObject(_rates.Select(pair =>
            KeyValuePair.Create<string, JsonNode?>(pair.Key, new JsonArray(pair.Value.Sum, pair.Value.Count))));
        return state;
    }

    public override void Restore(JsonObject state)
    {
        base.Restore(state);
        _rates.Clear();
        foreach (var (problem, numbers) in state[RatesKey] as JsonObject ?? throw new FormatException($"'{RatesKey}' is missing"))
        {
            if (numbers is not JsonArray { Count: 2 } two) throw new FormatException($"problem '{problem}' has no two numbers");
            _rates[problem] = ((double)two[0]!, (double)two[1]!);
        }
    }

    private protected override IEnumerable<Credit> Credits(IReadOnlyList<CreditInput> responses, Dictionary<string, double> metrics)
    {
        foreach (var r in responses.Where(r => r.IsScored && !r.IsReplayed))
        {
            var (sum, count) = _rates.GetValueOrDefault(r.Problem);
            _rates[r.Problem] = (sum + (r.IsCorrect ? Math.Min(options.Cap, Math.Exp(-r.OldLogRatio)) : 0), count + 1);
        }
        return base.Credits(responses, metrics);
    }

    private protected override IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics)
    {
        var (sum, count) = _rates.GetValueOrDefault(group[0].Problem);
        if (sum <= 0) return group.Select(_ => 0.0); // no right answer yet: the target is not known
        var logZ = Math.Log(Math.Min(1, sum / count));
        double[] powers = [.. group.Select(r => r.IsCorrect ? Math.Pow(Math.Min(options.Cap, Math.Exp(-r.OldLogRatio - logZ)), 1 - options.Alpha) : 0)];
        var mean = powers.Average();
        return powers.Select(power => power - mean);
    }
}

/// <summary>α-DPG: no KL, token mean. What is right is the verifier's verdict; rewards are not read.</summary>
[Variant("alpha_dpg")]
public sealed record AlphaDpgOptions : ClippedSurrogateOptions
{
    [Description("α: 0 covers all right answers (forward KL), near 1 it seeks the best-placed ones (reverse KL).")]
    [Range(0.0, 0.999)]
    public double Alpha { get; init; } = 0.5;

    [Description("The ratio of target and policy is at most this.")]
    [Range(1.0, 1e6)]
    public double Cap { get; init; } = 10;

    public override IEnumerable<string> Validate() => base.Validate().Concat(NoRewardIsRead());

    public override IObjective Create() => new AlphaDpgObjective(this);
}
