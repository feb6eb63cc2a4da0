using FlowRL.Recipes;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>VarGrad, the loss of TBA: sums over tokens, raw rewards, no importance weight, no network for log Z.</summary>
[Variant("vargrad")]
public sealed record VarGradOptions : DistributionMatchingOptions
{
    public override IObjective Create() => new VarGradObjective(Resolve());
}
