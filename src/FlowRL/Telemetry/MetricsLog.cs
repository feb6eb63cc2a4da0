using System.Globalization;
using System.Text.Json.Nodes;
using FlowRL.Files;

namespace FlowRL.Telemetry;

/// <summary>
/// <c>metrics.jsonl</c>: one JSON object a step, <c>{"step": 1, "seconds": 0.5, "reward": 0.25, ...}</c>. Numbers read back as the same
/// doubles; those that are not finite are the texts <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>. Each step is there once, also
/// after a resume.
/// </summary>
public sealed class MetricsLog : IProgress<StepReport>, IDisposable
{
    private const string StepKey = "step";
    private const string SecondsKey = "seconds";
    private readonly JsonLines _lines;

    /// <param name="path">The file.</param>
    /// <param name="afterStep">The step that is resumed from: later lines are removed. 0 for a new run.</param>
    /// <param name="say">Told what is damaged or missing in the file, or cannot be written; none of it ends a run.</param>
    public MetricsLog(string path, int afterStep = 0, Action<string>? say = null)
    {
        _lines = new JsonLines(path, afterStep, say ?? (_ => { }));
        if (say is null || afterStep == 0) return;
        var known = Read(path).Select(line => line.Step).Distinct().Count();
        if (known < afterStep) say($"{path} lacks {afterStep - known} of the {afterStep} steps before this one; the others are there, and the run goes on.");
    }

    public void Report(StepReport value)
    {
        var line = new JsonObject { [StepKey] = value.Step, [SecondsKey] = Number(value.Seconds) };
        foreach (var (name, metric) in value.Metrics) line[name] = Number(metric);
        _lines.Append(line);
    }

    public void Dispose() => _lines.Dispose();

    /// <summary>The metrics of each step, <c>seconds</c> among them, in the order written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="damaged">Told of each line that is left out because it is damaged.</param>
    public static IEnumerable<(int Step, IReadOnlyDictionary<string, double> Metrics)> Read(string path, Action<string>? damaged = null) =>
        JsonLines.Read(path, damaged ?? (_ => { })).Select(line => (JsonLines.Step(line), (IReadOnlyDictionary<string, double>)Metrics(line)));

    private static Dictionary<string, double> Metrics(JsonObject line) => line.Where(field => field.Key != StepKey)
        .Select(field => (Name: field.Key, Value: Number(field.Value))).Where(metric => metric.Value is not null)
        .ToDictionary(metric => metric.Name, metric => metric.Value!.Value);

    private static JsonValue Number(double value) =>
        double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));

    private static double? Number(JsonNode? node) => node is not JsonValue value ? null
        : value.TryGetValue<double>(out var number) ? number
        : value.TryGetValue<string>(out var word) && double.TryParse(word, CultureInfo.InvariantCulture, out number) ? number : null;
}
