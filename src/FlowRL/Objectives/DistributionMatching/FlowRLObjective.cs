using static TorchSharp.torch;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>
/// FlowRL (Zhu et al., arXiv 2509.15207): match the reward distribution p*(y|x) ∝ π_ref(y|x)·exp(β·r̂(x,y)) instead of maximising reward,
/// by regressing the trajectory balance residual
/// <code>
/// δ = log Z(x) + (1/|y|)·Σ_t log π_θ(y_t) − β·r̂ − (1/|y|)·Σ_t log π_ref(y_t)
/// w = clip(π_θ(y|x) / π_old(y|x), 1 − ε_low, 1 + ε_high)      no gradient through w
/// L = mean over responses of w·δ²
/// </code>
/// with log Z from a network on the prompt. Kept: all of the paper's objective (the default settings). Dropped: nothing of it; the KL
/// settings of the authors' code, which do nothing there, have no counterpart. Added: a schedule for β, sums instead of means (1/|y| is
/// then 1 in both terms, which makes p* exact), raw rewards, other clips of w, and g(δ) in place of δ².
/// </summary>
public sealed class FlowRLObjective(DistributionMatchingSettings settings) : DistributionMatchingObjective(settings)
{
    public override string Name => "flowrl";

    public override ObjectiveNeeds Needs => ObjectiveNeeds.Reference | ObjectiveNeeds.LogPartition;

    private protected override Tensor LogPartition(ObjectiveInputs inputs, Tensor gain, Tensor weight) => inputs.LogPartition;
}
