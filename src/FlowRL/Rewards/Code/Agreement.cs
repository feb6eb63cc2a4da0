namespace FlowRL.Rewards.Code;

/// <summary>When an output agrees with the reference's. Most problems have one right output; these rules are for those that have several.</summary>
public enum Agreement
{
    /// <summary>Equal, floats within the tolerance.</summary>
    Value,

    /// <summary>The same elements in any order and number.</summary>
    Set,

    /// <summary>Both there, or both None: what they are is not defined.</summary>
    Presence,

    /// <summary>Any root of the polynomial whose coefficients are the first argument.</summary>
    Root,
}
