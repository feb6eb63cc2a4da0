namespace FlowRL.Data;

/// <summary>What happens to rows that cannot be used.</summary>
public enum DamagedRows
{
    /// <summary>The first one ends the command, with its place.</summary>
    Refuse,

    /// <summary>They are left out, counted and reported.</summary>
    Skip,
}
