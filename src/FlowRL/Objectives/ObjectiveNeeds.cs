namespace FlowRL.Objectives;

/// <summary>What an objective asks the trainer to compute.</summary>
[Flags]
public enum ObjectiveNeeds
{
    None = 0,

    /// <summary>log π_ref of each response token.</summary>
    Reference = 1,

    /// <summary>log Z_φ(x) of each prompt, with gradient.</summary>
    LogPartition = 2,

    /// <summary>The critic's value at each response token: without gradient before credit is assigned, with gradient in the loss.</summary>
    Values = 4,

    /// <summary>The policy's entropy at each response token, with gradient. Without this need it is computed for metrics only.</summary>
    EntropyGradient = 8,

    /// <summary>Mini-batches and micro-batches made of whole groups, for losses in which the responses of a group meet.</summary>
    WholeGroups = 16,

    /// <summary>log π_old of the policy at the start of the updates, also of responses that another policy sampled.</summary>
    StartLogProbs = 32,
}
