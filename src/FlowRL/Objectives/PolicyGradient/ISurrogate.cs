using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>What tokens earn as the policy moves: at the policy that sampled, its gradient is A·∇log π_θ.</summary>
internal interface ISurrogate
{
    /// <summary>Minus what each token earns, to be minimised, with gradient, and 1 where a bound took the gradient away.</summary>
    /// <param name="policy">(B, T) log π_θ, with gradient.</param>
    /// <param name="logRatio">(B, T) log ρ, of the token or of its response, with gradient.</param>
    /// <param name="advantages">(B, T) A.</param>
    /// <param name="mask">(B, T) 1 at trained tokens; elsewhere everything is 0.</param>
    (Tensor Cost, Tensor Clipped) Evaluate(Tensor policy, Tensor logRatio, Tensor advantages, Tensor mask);
}
