using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Leaves out responses with a negative advantage from which the policy has moved away: what pushes it further there is mostly noise (DeepSeek-V3.2,
/// arXiv 2512.02556; TRL's <c>off_policy_mask_threshold</c>).
/// </summary>
internal static class OffPolicyMask
{
    /// <summary>(B, T) 1, and 0 at the tokens of responses with A &lt; 0 and a mean log π_old − log π_θ above the threshold; without gradient.</summary>
    /// <param name="difference">(B, T) log π_θ − log π_old, 0 where masked.</param>
    /// <param name="advantages">(B, T) the same at every token of a response, or by token.</param>
    /// <param name="mask">(B, T).</param>
    /// <param name="threshold">Nats a token.</param>
    public static Tensor Of(Tensor difference, Tensor advantages, Tensor mask, double threshold)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var isAway = (-Masked.Mean(difference.detach(), mask) > Scalars.Of(threshold)).unsqueeze(1);
        return (isAway & (advantages < Scalars.Of(0))).logical_not().to(difference.dtype).MoveToOuterDisposeScope();
    }
}
