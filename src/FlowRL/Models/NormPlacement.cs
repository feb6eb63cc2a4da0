namespace FlowRL.Models;

/// <summary>Where the norms of a layer stand: around attention (or what mixes in its place) and around the feed-forward block.</summary>
public enum NormPlacement
{
    /// <summary>x + f(norm(x)).</summary>
    Before,

    /// <summary>x + norm(f(norm(x))).</summary>
    BeforeAndAfter,

    /// <summary>x + norm(f(x)).</summary>
    After,
}

/// <summary>Over what queries and keys are normalised, before they turn.</summary>
public enum QueryKeyNorm
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>Each head by itself, all with the same weights.</summary>
    EachHead,

    /// <summary>All heads together.</summary>
    AllHeads,
}

/// <summary>
/// Queries grow with their position p, from the original context on: q · (1 + β ln(1 + ⌊p / original⌋)), after they turned (Ministral 3).
/// </summary>
/// <param name="Beta">β, at least 0.</param>
/// <param name="OriginalContextLength">Tokens of the context within which they do not grow.</param>
public sealed record QueryGrowth(double Beta, int OriginalContextLength)
{
    /// <summary>What the query at <paramref name="position"/> is multiplied by.</summary>
    internal float At(int position) => (float)(1 + Beta * Math.Log(1 + position / OriginalContextLength));
}
