namespace FlowRL.Checkpoints;

/// <summary>Names inside a run's folder.</summary>
public static class RunFiles
{
    /// <summary>The recipe with every key, as it was run.</summary>
    public const string Recipe = "recipe.yaml";

    public const string Metrics = "metrics.jsonl";
    public const string Samples = "samples.jsonl";

    /// <summary>The evaluation before training.</summary>
    internal const string Before = "before.json";

    /// <summary>What the run did, written at its end.</summary>
    internal const string Summary = "summary.json";

    /// <summary>Folder with one folder a checkpoint.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>Folder of TensorBoard event files.</summary>
    public const string TensorBoard = "tensorboard";
}
