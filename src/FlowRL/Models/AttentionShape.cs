namespace FlowRL.Models;

/// <summary>Sizes of one attention, and where its sequences lie.</summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyHeads">Key and value heads; each serves as many query heads.</param>
/// <param name="Width">Numbers of a head.</param>
/// <param name="Families">The sequences.</param>
internal sealed record AttentionShape(int Heads, int KeyHeads, int Width, IReadOnlyList<SequenceFamily> Families)
{
    /// <summary>Pieces of work that touch no common memory: a key head of a family each.</summary>
    public int Items => Families.Count * KeyHeads;

    /// <summary>Tokens of the longest sequence.</summary>
    public int Longest { get; } = Families.Max(family => family.Longest);

    /// <summary>1/√Dh.</summary>
    public float Scale { get; } = 1 / MathF.Sqrt(Width);
}
