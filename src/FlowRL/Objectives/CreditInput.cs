namespace FlowRL.Objectives;

/// <summary>What credit assignment knows of one response. Arrays have one entry a response token; those not asked for are empty.</summary>
/// <param name="Group">Which group of the rollout batch the response belongs to.</param>
/// <param name="Reward">The scalar reward after penalties; never NaN.</param>
/// <param name="IsTruncated">Whether the length limit ended it.</param>
/// <param name="OldLogProbs">log π_old at the sampling temperature.</param>
/// <param name="ReferenceLogProbs">log π_ref, with <see cref="ObjectiveNeeds.Reference"/>.</param>
/// <param name="Values">The critic's values, with <see cref="ObjectiveNeeds.Values"/>.</param>
public sealed record CreditInput(
    int Group, double Reward, bool IsTruncated, float[] OldLogProbs, float[] ReferenceLogProbs, float[] Values);
