namespace FlowRL.Checkpoints;

/// <summary>One file of a checkpoint as it was when it was saved.</summary>
/// <param name="Name">The path inside the checkpoint, with forward slashes.</param>
/// <param name="Bytes">The length.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
public sealed record CheckpointFile(string Name, long Bytes, string Sha256);
