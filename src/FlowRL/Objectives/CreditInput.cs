namespace FlowRL.Objectives;

/// <summary>What credit assignment knows of one response. Arrays have one entry a response token; those not asked for are empty.</summary>
/// <param name="Group">Which group of the rollout batch the response belongs to.</param>
/// <param name="Reward">The scalar reward after penalties; never NaN.</param>
/// <param name="IsTruncated">Whether the length limit ended it.</param>
/// <param name="OldLogProbs">log π_old, as <see cref="ObjectiveInputs.OldLogProbs"/>.</param>
/// <param name="ReferenceLogProbs">log π_ref, with <see cref="ObjectiveNeeds.Reference"/>.</param>
/// <param name="Values">The critic's values, with <see cref="ObjectiveNeeds.Values"/>.</param>
public sealed record CreditInput(
    int Group, double Reward, bool IsTruncated, float[] OldLogProbs, float[] ReferenceLogProbs, float[] Values)
{
    /// <summary>Which tokens are trained; all unless given. None in a response that is masked.</summary>
    public bool[] LossMask { get; init; } = [.. OldLogProbs.Select(_ => true)];

    /// <summary>
    /// Whether the verifier decided. Where it failed, <see cref="Reward"/> is the mean of the group's others, no token is trained, and the
    /// response is no part of its group's statistics.
    /// </summary>
    public bool IsScored { get; init; } = true;

    /// <summary>The id of the problem, for objectives that remember problems.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Whether an earlier step has assigned credit to this response already.</summary>
    public bool IsReplayed { get; init; }

    /// <summary>Whether any token is trained.</summary>
    public bool IsTrained => Array.IndexOf(LossMask, true) >= 0;
}
