using FlowRL.Configuration;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>
/// Trajectory balance with log Z estimated from the group (VarGrad, arXiv 2010.10436; for language models TBA, arXiv 2503.18929):
/// <code>
/// f_i = β·r_i − Σ_t log π_θ(y_t) + Σ_t log π_ref(y_t)
/// log Ẑ(x) = Σ_j w_j·f_j / Σ_j w_j over the group, without gradient      w = 1 by default: the mean
/// L = mean over responses of w_i·(log Ẑ − f_i)²
/// </code>
/// With w = 1 the loss of a group is the population variance of f. The gradient through log Ẑ would be Σ_i w_i·(log Ẑ − f_i)·∇log Ẑ = 0,
/// so stopping it changes nothing (for the square; other residual costs keep the stop).
/// </summary>
/// <remarks>
/// log Ẑ must be taken at the current parameters: from the sampler's log-probabilities it is right before the first update after sampling
/// only. The trainer therefore keeps groups whole in a micro-batch (<see cref="ObjectiveNeeds.WholeGroups"/>). The other exact way, a
/// forward pass over the group to get log Ẑ before its micro-batches, would cost a third more time in every update to save memory that
/// only groups above training.token_budget need; such a group is one micro-batch, above the budget.
/// </remarks>
internal sealed class VarGradObjective(DistributionMatchingSettings settings) : DistributionMatchingObjective(settings)
{
    public override string Name => "vargrad";

    public override ObjectiveNeeds Needs => ObjectiveNeeds.Reference | ObjectiveNeeds.WholeGroups;

    public override int MinimumGroupSize => 2;

    private protected override Tensor LogPartition(ObjectiveInputs inputs, Tensor gain, Tensor weight)
    {
        var together = inputs.Groups.unsqueeze(0).eq(inputs.Groups.unsqueeze(1)).to(gain.dtype); // (B, B) 1 for members of one group
        Tensor Sums(Tensor values) => (together * values).sum([1L]); // (B) over the group
        // A weight is 2e-9 or more; a group without any has no response that counts.
        return Sums(weight * gain.detach()) / Sums(weight).clamp_min(Scalars.Of(1e-12));
    }
}

/// <summary>VarGrad, the loss of TBA: sums over tokens, raw rewards, no importance weight, no network for log Z.</summary>
[Variant("vargrad")]
public sealed record VarGradOptions : DistributionMatchingOptions
{
    public override IObjective Create() => new VarGradObjective(Resolve());
}
