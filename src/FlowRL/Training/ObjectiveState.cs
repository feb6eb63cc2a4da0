using System.Text.Json.Nodes;
using FlowRL.Checkpoints;
using FlowRL.Objectives;

namespace FlowRL.Training;

/// <summary>The part of a training checkpoint that belongs to an <see cref="IStatefulObjective"/>: <c>training/objective.json</c>.</summary>
internal static class ObjectiveState
{
    public static void Save(string path, IObjective objective)
    {
        if (objective is not IStatefulObjective stateful) return;
        using var stream = File.Create(path);
        using (var writer = new System.Text.Json.Utf8JsonWriter(stream)) stateful.Save().WriteTo(writer);
        stream.Flush(flushToDisk: true);
    }

    /// <exception cref="BadInputException">The file is missing, damaged, or of another objective.</exception>
    public static void Restore(string path, IObjective objective)
    {
        if (objective is not IStatefulObjective stateful) return;
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
