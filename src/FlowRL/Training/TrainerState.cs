using System.Text.Json.Nodes;
using FlowRL.Checkpoints;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>
/// The files of a training checkpoint: the model (or its adapters) in Hugging Face layout, and under <c>training/</c> what resuming needs. Random
/// choices are functions of the seed and the step, so there is no generator to save.
/// </summary>
internal static class TrainerState
{
    private const string Folder = "training";
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
        foreach (var (name, value) in optimizer.State().Concat(others)) value.copy_(state[name]);
        optimizer.Steps = (long?)state.Document[StepsKey] ?? throw new BadInputException(
            $"{Path.Combine(folder, Folder, PackedState.DocumentName)} has no '{StepsKey}'; resume from an earlier checkpoint.");
    }
}
