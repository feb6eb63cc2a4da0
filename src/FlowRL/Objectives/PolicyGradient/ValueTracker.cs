using System.Text.Json.Nodes;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// The value of each problem, v = S/N, from the rewards of earlier visits (arXiv 2509.13232, the KL-adaptive value tracker; for rewards of 0 and 1,
/// S = α and N = α + β of the Beta posterior; any real reward will do). A visit with n rewards, after a drift D of the policy since the
/// last one, forgets and adds: ρ = clip(2^(−D/D_half), low, high), S ← ρ·S + Σ r, N ← ρ·N + n.
/// </summary>
/// <remarks>
/// A problem not seen before starts at the mean of the known ones with the weight 1/(1 − low) that a constant ρ = low settles at; the
/// paper starts from eight samples a problem taken beforehand, and 1/(1 − 0.875) is 8. D differs too: the authors' code scores the last
/// answer of each problem again; here the drift of each step, measured on its own responses after its updates, is summed over the steps
/// since, which by the triangle inequality is no less, and takes no forward pass for each problem.
/// </remarks>
internal sealed class ValueTracker(double driftHalf, double low, double high)
{
    private const double Unknown = 0.5;

    private sealed record Entry(double Sum, double Count, double DriftThen);

    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private double _drift;
    private double _prior = Unknown;

    /// <summary>v of a problem, before the rewards of this step.</summary>
    public double Value(string problem) => _entries.TryGetValue(problem, out var entry) ? entry.Sum / entry.Count : _prior;

    /// <summary>Takes the rewards of one step in, and returns the mean ρ over problems seen before; 1 if there is none.</summary>
    public double Visit(IEnumerable<(string Problem, double Reward)> rewards)
    {
        var kept = new List<double>();
        foreach (var visit in rewards.GroupBy(reward => reward.Problem, reward => reward.Reward).ToArray())
        {
            var prior = 1 / (1 - low);
            var (sum, count, share) = (_prior * prior, prior, 1.0);
            if (_entries.TryGetValue(visit.Key, out var entry))
            {
                (sum, count) = (entry.Sum, entry.Count);
                share = Math.Clamp(Math.Pow(2, -(_drift - entry.DriftThen) / driftHalf), low, high);
                kept.Add(share);
            }
            _entries[visit.Key] = new Entry(share * sum + visit.Sum(), share * count + visit.Count(), _drift);
        }
        if (_entries.Count > 0) _prior = _entries.Values.Average(entry => entry.Sum / entry.Count);
        return kept.Count > 0 ? kept.Average() : 1;
    }

    /// <summary>The policy has moved by this many nats a token.</summary>
    public void Moved(double drift) => _drift += drift;

    public JsonObject Save() => new()
    {
        ["drift"] = _drift,
        ["prior"] = _prior,
        ["problems"] = new JsonObject(_entries.Select(pair => KeyValuePair.Create<string, JsonNode?>(
            pair.Key, new JsonArray(pair.Value.Sum, pair.Value.Count, pair.Value.DriftThen)))),
    };

    /// <exception cref="FormatException">Something is missing.</exception>
    public void Restore(JsonObject state)
    {
        if (state["drift"] is not { } drift || state["prior"] is not { } prior || state["problems"] is not JsonObject problems)
        {
            throw new FormatException("'drift', 'prior' or 'problems' is missing");
        }
        (_drift, _prior) = ((double)drift, (double)prior);
        _entries.Clear();
        foreach (var (problem, numbers) in problems)
        {
            if (numbers is not JsonArray { Count: 3 } three) throw new FormatException($"problem '{problem}' has no three numbers");
            _entries[problem] = new Entry((double)three[0]!, (double)three[1]!, (double)three[2]!);
        }
    }
}
