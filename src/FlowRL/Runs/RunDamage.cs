using FlowRL.Checkpoints;
using FlowRL.Files;
using FlowRL.Telemetry;

namespace FlowRL.Runs;

/// <summary>What is damaged among the files that a run writes for reading and can do without: its metrics, samples and results.</summary>
public static class RunDamage
{
    private const int Shown = 10;

    /// <summary>A sentence for each place, the first ten of them; empty where nothing is damaged.</summary>
    /// <param name="run">The folder of a run.</param>
    public static IReadOnlyList<string> Of(string run)
    {
        var (sentences, count) = (new List<string>(), 0);
        void Add(string sentence)
        {
            if (++count <= Shown) sentences.Add(sentence);
        }
        var (metrics, samples) = (Path.Combine(run, RunFiles.Metrics), Path.Combine(run, RunFiles.Samples));
        if (File.Exists(metrics)) _ = MetricsLog.Read(metrics, Add).Count();
        else if (CheckpointStore.All(Path.Combine(run, RunFiles.Checkpoints)).Any(checkpoint => checkpoint.Step > 0)) Add($"{metrics} is missing.");
        if (File.Exists(samples)) _ = SamplesLog.Read(samples, Add).Count();
        foreach (var path in new[] { RunFiles.Before, RunFiles.Summary }.Select(name => Path.Combine(run, name)).Where(File.Exists))
        {
            try
            {
                InputFile.ReadJson(path, "results", root => root.EnumerateObject().Count());
            }
            catch (BadInputException damaged)
            {
                Add(damaged.Message);
            }
        }
        if (count > Shown) sentences.Add($"... and {count - Shown} more.");
        return sentences;
    }
}
