namespace FlowRL.Tasks.Code;

/// <summary>How passed tests become a reward.</summary>
public enum CodeScore
{
    /// <summary>1 where every test passes, else 0.</summary>
    All,

    /// <summary>The share of the tests that pass.</summary>
    Share,
}
