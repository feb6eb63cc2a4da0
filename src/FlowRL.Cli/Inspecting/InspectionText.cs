using System.Globalization;
using FlowRL.Models;

namespace FlowRL.Cli.Inspecting;

/// <summary>What lies at a path, in sentences for whoever sees such a thing for the first time.</summary>
internal static class InspectionText
{
    private const int NameWidth = 24;

    /// <param name="found">What lies there.</param>
    /// <param name="tensors">Whether to list every tensor.</param>
    public static string Of(Inspection found, bool tensors)
    {
        var lines = new List<string> { Heading(found) };
        if (found.Config is { } config) lines.AddRange(Shape(config));
        if (found.Adapter is { } adapter) lines.Add(Adapters(adapter));
        if (found.Tensors.Count > 0)
            lines.Add(Write($"weights      {found.Parameters:N0} numbers in {found.Tensors.Count} tensors{(tensors ? ":" : "; --tensors lists them")}"));
        if (tensors) lines.AddRange(found.Tensors.Select(tensor => $"  {tensor.Name} {tensor.Type} [{string.Join(", ", tensor.Shape)}]"));
        if (found.Checkpoints.Count > 0)
        {
            lines.Add($"checkpoints  after {Steps(found.Checkpoints)}: model and training state as they were then");
            lines.Add($"             'flowrl sample' and 'flowrl eval' with {found.Path} take the one that was best on validation problems (the last where " +
                "none was validated); '--resume' goes on from the last");
        }
        if (found.LastMetrics.Count > 0)
        {
            lines.Add($"metrics      as step {found.LastStep} logged them; metrics.jsonl has every step");
            lines.AddRange(found.LastMetrics.Select(metric => Metric(metric.Key, metric.Value)));
        }
        lines.AddRange(found.Damage.Select(damage => $"damaged      {damage}"));
        return string.Join('\n', lines);
    }

    private static string Heading(Inspection found) => (found.Kind, found.LastStep) switch
    {
        ("run", null) => $"run {found.Path}: no step is logged yet",
        ("run", { } step) => $"run {found.Path}: {step} {Word(step)} done",
        ("checkpoint", { } step) => $"checkpoint {found.Path}: a model after {step} {Word(step)} of training, and what training needs to go on",
        _ => $"model {found.Path}",
    };

    private static IEnumerable<string> Shape(DecoderConfig c)
    {
        yield return $"config       a transformer of the family {c.ModelType}: {c.Layers} layers of width {c.Width}, feed-forward {c.FeedForwardWidth}, " +
            $"{c.Heads} attention heads" + (c.KeyValueHeads == c.Heads ? "" : $" that share {c.KeyValueHeads} for keys and values");
        yield return $"             it knows {c.VocabularySize} tokens, and reads and writes at most {c.ContextLength} of them (prompt and response together)";
    }

    private static string Adapters(InspectedAdapter adapter) => Write(
        $"adapters     rank {adapter.Rank}, alpha {adapter.Alpha}, on {string.Join(", ", adapter.TargetModules)}; base {adapter.BaseModel ?? "not named"}. ") +
        "They change what the base computes, which stays as it is; 'flowrl merge' makes one model of both";

    private static string Metric(string name, double value)
    {
        var words = MetricWords.Of(name);
        return Write($"  {name.PadRight(NameWidth)} {value,12:G6}") + (words is null ? "" : $"  {words}");
    }

    private static string Steps(IReadOnlyList<int> steps) => steps.Count == 1 ? $"step {steps[0]}" : $"steps {string.Join(", ", steps)}";

    private static string Word(int steps) => steps == 1 ? "step" : "steps";

    private static string Write(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
