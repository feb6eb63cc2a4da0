namespace FlowRL.Checkpoints;

/// <summary>The content of a checkpoint's <c>checkpoint.json</c>.</summary>
internal sealed record CheckpointRecord(int Step, double? ValidationScore, IReadOnlyList<CheckpointFile> Files);
