using System.Text.Json.Nodes;

namespace FlowRL.Objectives.Targets;

/// <summary>
/// Every right answer has the probability, up to e^{βr}, that the reference gives to one of them, the anchor a(x) (MARA, arXiv 2510.20817; the anchor there
/// is the right answer of the group that the reference finds most probable):
/// <code>
/// c(y) = log π_ref(a) − log π_ref(y) for a right answer, 0 for a wrong one
/// </code>
/// The anchor is the most probable right answer that the run has seen of the problem, so that the target stands still once that one has come. Which solution a
/// right answer is does not matter, nor whether that is known.
/// </summary>
internal sealed class FlatTarget : ITarget
{
    private const string AnchorsKey = "anchors";

    private readonly SortedDictionary<string, double> _anchors = new(StringComparer.Ordinal);

    public double[] Offsets(IReadOnlyList<CreditInput> responses)
    {
        foreach (var r in responses.Where(r => r.IsCorrect))
            _anchors[r.Problem] = Math.Max(_anchors.GetValueOrDefault(r.Problem, double.NegativeInfinity), r.ReferenceLogProb);
        return [.. responses.Select(r => r.IsCorrect ? _anchors[r.Problem] - r.ReferenceLogProb : 0)];
    }

    public double[] Exact(IReadOnlyList<double> logReference, IReadOnlyList<ListedAnswer> answers)
    {
        var anchor = logReference.Where((_, i) => answers[i].IsCorrect).DefaultIfEmpty().Max();
        return [.. logReference.Select((log, i) => answers[i].IsCorrect ? anchor - log : 0)];
    }

    public JsonObject Save() => new()
    {
        [AnchorsKey] = new JsonObject(_anchors.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value))),
    };

    public void Restore(JsonObject state)
    {
        _anchors.Clear();
        foreach (var (problem, anchor) in state[AnchorsKey] as JsonObject ?? throw new FormatException($"'{AnchorsKey}' is missing"))
            _anchors[problem] = (double?)anchor ?? throw new FormatException($"problem '{problem}' has no anchor");
    }
}
