using System.Text.Json.Nodes;
using FlowRL.Checkpoints;
using FlowRL.Files;
using FlowRL.Models;
using FlowRL.Objectives;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>
/// The files of a training checkpoint: the model (or its adapters) in Hugging Face layout, and under <c>training/</c> what resuming needs. Random
/// choices are functions of the seed and the step, so there is no generator to save.
/// </summary>
internal static class TrainerState
{
    public const string Folder = "training";
    private const string StepsKey = "optimizer_steps";

    public static string ReplayPath(string folder) => Path.Combine(folder, Folder, "replay.json");

    public static string ObjectivePath(string folder) => Path.Combine(folder, Folder, "objective.json");

    public static void Save(string folder, LanguageModel model, AdamW optimizer, IEnumerable<(string Name, Tensor Value)> others)
    {
        PretrainedModel.Save(folder, model);
        Directory.CreateDirectory(Path.Combine(folder, Folder));
        PackedState.Write(Path.Combine(folder, Folder), [.. optimizer.State().Concat(others)], new JsonObject { [StepsKey] = optimizer.Steps });
    }

    /// <exception cref="BadInputException">A file is missing, damaged, or of a run with another model or objective.</exception>
    public static void Restore(string folder, LanguageModel model, AdamW optimizer, IEnumerable<(string Name, Tensor Value)> others)
    {
        PretrainedModel.Restore(folder, model);
        using var state = PackedState.Read(Path.Combine(folder, Folder));
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, value) in optimizer.State().Concat(others)) value.copy_(state.Read(name, value.shape));
        optimizer.Steps = state.Document[StepsKey] is JsonValue number && number.TryGetValue<long>(out var steps) ? steps : throw new BadInputException(
            $"{Path.Combine(folder, Folder, PackedState.DocumentName)} has no '{StepsKey}'; resume from an earlier checkpoint.");
    }
}

/// <summary>The part of a training checkpoint that belongs to an <see cref="IStatefulObjective"/>: <c>training/objective.json</c>.</summary>
internal static class ObjectiveState
{
    public static void Save(string path, IObjective objective)
    {
        if (objective is not IStatefulObjective stateful || stateful.Save() is not { Count: > 0 } state) return;
        using var stream = File.Create(path);
        using (var writer = new System.Text.Json.Utf8JsonWriter(stream)) state.WriteTo(writer);
        stream.Flush(flushToDisk: true);
    }

    /// <exception cref="BadInputException">The file is missing, damaged, or of another objective.</exception>
    public static void Restore(string path, IObjective objective)
    {
        if (objective is not IStatefulObjective stateful || stateful.Save().Count == 0) return; // what remembers nothing now never does
        var state = InputFile.ReadJson(path, "objective's state", root => JsonObject.Create(root.Clone())!);
        try
        {
            stateful.Restore(state);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new BadInputException($"{path} is not the state of '{objective.Name}': {e.Message}. Resume with the recipe that the run was " +
                "started with, or from an earlier checkpoint.");
        }
    }
}
