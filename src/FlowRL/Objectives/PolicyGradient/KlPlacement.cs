namespace FlowRL.Objectives.PolicyGradient;

/// <summary>Where the pull to the reference acts.</summary>
public enum KlPlacement
{
    /// <summary>A term of the loss, at the current parameters.</summary>
    Loss,

    /// <summary>Subtracted from the reward of each token when credit is assigned.</summary>
    Reward,
}
