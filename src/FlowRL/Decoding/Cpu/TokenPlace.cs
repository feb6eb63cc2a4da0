namespace FlowRL.Decoding.Cpu;

/// <summary>One token to compute: which, where it stands, what it sees, and who reads the logits after it.</summary>
/// <param name="Token">Its id.</param>
/// <param name="Position">Tokens before it.</param>
/// <param name="Shared">A prompt that it sees whole; null while the prompt itself is computed.</param>
/// <param name="SharedLength">Tokens of it.</param>
/// <param name="Own">Where its key and value go, as the last of <paramref name="OwnLength"/>; it sees them all.</param>
/// <param name="OwnLength">Tokens there, itself included.</param>
/// <param name="FirstReader">Index of the first sequence that reads the logits.</param>
/// <param name="Readers">How many do: 0 inside a prompt.</param>
internal readonly record struct TokenPlace(
    int Token, int Position, CacheSegment? Shared, int SharedLength, CacheSegment Own, int OwnLength, int FirstReader, int Readers);
