namespace FlowRL.Recipes;

/// <summary>What happens to a response that hit the length limit.</summary>
public enum TruncationPolicy
{
    /// <summary>It is trained on with the reward that the verifier gave it.</summary>
    Keep,

    /// <summary>It is left out of the loss; its reward still counts in its group.</summary>
    Mask,

    /// <summary>It is trained on with a fixed reward.</summary>
    Penalise,
}
