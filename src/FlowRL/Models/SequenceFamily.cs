namespace FlowRL.Models;

/// <summary>Sequences of a pack that begin with the same tokens, which the pack holds once.</summary>
/// <param name="Prefix">What they share; empty for a sequence that shares nothing.</param>
/// <param name="Branches">What follows in each of them.</param>
public sealed record SequenceFamily(TokenRange Prefix, IReadOnlyList<TokenRange> Branches)
{
    /// <summary>Tokens of the longest sequence.</summary>
    public int Longest { get; } = Prefix.Length + Branches.Max(branch => branch.Length);
}
