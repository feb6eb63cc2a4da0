namespace FlowRL.Checkpoints;

/// <summary>Names inside a run's folder.</summary>
public static class RunFiles
{
    /// <summary>The recipe with every key, as it was run.</summary>
    public const string Recipe = "recipe.yaml";

    public const string Metrics = "metrics.jsonl";
    public const string Samples = "samples.jsonl";

    /// <summary>Folder with one folder a checkpoint.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>Folder of TensorBoard event files.</summary>
    public const string TensorBoard = "tensorboard";
}
