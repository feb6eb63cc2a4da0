using System.Text.Json;
using FlowRL.Checkpoints;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>
/// The files of a training checkpoint: the model in Hugging Face layout, and under <c>training/</c> what resuming needs. Random
/// choices are functions of the seed and the step, so there is no generator to save.
/// </summary>
internal static class TrainerState
{
    private const string Folder = "training";

    private sealed record Counters(long OptimizerSteps);

    public static string ReplayPath(string folder) => Path.Combine(folder, Folder, "replay.json");

    public static void Save(string folder, LanguageModel model, AdamW optimizer, IEnumerable<(string Prefix, WeightSet Weights)> heads)
    {
        PretrainedModel.Save(folder, model);
        Directory.CreateDirectory(Path.Combine(folder, Folder));
        var tensors = optimizer.State().Concat(heads.SelectMany(head => head.Weights.Select(pair => (head.Prefix + pair.Key, pair.Value))));
        SafetensorsWriter.Write(StatePath(folder), [.. tensors], new Dictionary<string, string>());
        File.WriteAllText(CountersPath(folder), JsonSerializer.Serialize(new Counters(optimizer.Steps)));
    }

    public static void Restore(string folder, LanguageModel model, AdamW optimizer, IEnumerable<(string Prefix, WeightSet Weights)> heads)
    {
        using (var weights = WeightFolder.Open(folder)) model.Decoder.Load(weights, folder);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var file = SafetensorsFile.Open(StatePath(folder));
        foreach (var (name, value) in optimizer.State().Concat(heads.SelectMany(head => head.Weights.Select(pair => (head.Prefix + pair.Key, pair.Value)))))
        {
            if (!file.Names.Contains(name))
            {
                throw new BadInputException($"{StatePath(folder)} has no '{name}': it was saved by a run with another model or objective; " +
                    "start a new run from its weights with model.path instead of resuming.");
            }
            value.copy_(file.Read(name));
        }
        optimizer.Steps = (JsonSerializer.Deserialize<Counters>(File.ReadAllText(CountersPath(folder)))
            ?? throw new BadInputException($"{CountersPath(folder)} is empty; resume from an earlier checkpoint.")).OptimizerSteps;
    }

    private static string StatePath(string folder) => Path.Combine(folder, Folder, "state.safetensors");

    private static string CountersPath(string folder) => Path.Combine(folder, Folder, "counters.json");
}
