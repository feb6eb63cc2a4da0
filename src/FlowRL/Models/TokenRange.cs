namespace FlowRL.Models;

/// <summary>Adjacent tokens of a pack.</summary>
/// <param name="Start">Index of the first one.</param>
/// <param name="Length">How many; may be 0.</param>
public readonly record struct TokenRange(int Start, int Length);
