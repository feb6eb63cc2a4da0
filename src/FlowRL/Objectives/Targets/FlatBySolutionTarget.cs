using System.Globalization;
using System.Text.Json.Nodes;

namespace FlowRL.Objectives.Targets;

/// <summary>
/// Every different solution has the same probability up to e^{βr}, that of the most probable one under the reference, and the forms of a solution keep the
/// reference's odds among each other:
/// <code>
/// c(y) = log max_s M_s − log M_s(y) for a right answer, 0 for a wrong one      M_s = Σ π_ref over the forms of the solution s
/// </code>
/// A right answer whose solution is not known is in no M_s and has c = 0: it keeps the reference's odds, so that nothing is gained by being unreadable.
/// M_s is the sum over the forms that the run has seen: too small at first, and exact when all that matter have come.
/// </summary>
internal sealed class FlatBySolutionTarget : ITarget
{
    private const string MassesKey = "forms";

    private readonly SortedDictionary<string, Problem> _problems = new(StringComparer.Ordinal);

    public double[] Offsets(IReadOnlyList<CreditInput> responses)
    {
        foreach (var r in responses)
        {
            if (r.Solution is null) continue;
            if (!_problems.TryGetValue(r.Problem, out var problem)) _problems[r.Problem] = problem = [];
            if (!problem.TryGetValue(r.Solution, out var forms)) problem[r.Solution] = forms = [];
            forms.TryAdd(r.Form, r.ReferenceLogProb);
        }
        var masses = responses.Where(r => r.Solution is not null).Select(r => r.Problem).Distinct().ToDictionary(
            name => name, name => _problems[name].ToDictionary(solution => solution.Key, solution => Mass(solution.Value.Values)));
        return [.. responses.Select(r => r.Solution is null ? 0 : masses[r.Problem].Values.Max() - masses[r.Problem][r.Solution])];
    }

    public double[] Exact(IReadOnlyList<double> logReference, IReadOnlyList<ListedAnswer> answers)
    {
        var masses = logReference.Select((log, i) => (Log: log, answers[i].Solution)).Where(y => y.Solution is not null)
            .GroupBy(y => y.Solution!, y => y.Log).ToDictionary(forms => forms.Key, Mass);
        return [.. answers.Select(answer => answer.Solution is null ? 0 : masses.Values.Max() - masses[answer.Solution])];
    }

    public JsonObject Save() => new()
    {
        [MassesKey] = Json(_problems, problem => Json(problem, forms =>
            Json(forms.Select(form => KeyValuePair.Create(form.Key.ToString(CultureInfo.InvariantCulture), form.Value)), log => log))),
    };

    public void Restore(JsonObject state)
    {
        _problems.Clear();
        foreach (var (name, solutions) in state[MassesKey] as JsonObject ?? throw new FormatException($"'{MassesKey}' is missing"))
        {
            var problem = _problems[name] = [];
            foreach (var (solution, forms) in solutions as JsonObject ?? throw new FormatException($"problem '{name}' has no solutions"))
            {
                var seen = problem[solution] = [];
                foreach (var (form, log) in forms as JsonObject ?? throw new FormatException($"a solution of problem '{name}' has no forms"))
                    seen[ulong.Parse(form, CultureInfo.InvariantCulture)] = (double?)log
                        ?? throw new FormatException($"a form of problem '{name}' has no number");
            }
        }
    }

    private static JsonObject Json<T>(IEnumerable<KeyValuePair<string, T>> pairs, Func<T, JsonNode> value) =>
        new(pairs.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, value(pair.Value))));

    /// <summary>log of the sum of probabilities.</summary>
    private static double Mass(IEnumerable<double> logs)
    {
        double[] all = [.. logs];
        var largest = all.Max();
        return largest + Math.Log(all.Sum(log => Math.Exp(log - largest)));
    }

    /// <summary>The solutions of a problem, each with log π_ref of its forms.</summary>
    private sealed class Problem() : SortedDictionary<string, SortedDictionary<ulong, double>>(StringComparer.Ordinal);
}
