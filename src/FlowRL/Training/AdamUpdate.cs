using FlowRL.Recipes;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>
/// One AdamW step of one weight (arXiv 1711.05101, algorithm 2), with the constants of step t folded:
/// <code>
/// m ← β₁ m + (1 − β₁) g      v ← β₂ v + (1 − β₂) g²
/// w ← (1 − η λ) w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
/// </code>
/// </summary>
internal readonly struct AdamUpdate(OptimizerOptions options, long steps, double rate, double decay, double gradientScale)
{
    public double Beta1 => options.Beta1;

    public double Beta2 => options.Beta2;

    public double Epsilon => options.Epsilon;

    /// <summary>What the gradient is multiplied by.</summary>
    public double GradientScale => gradientScale;

    /// <summary>1 − η λ.</summary>
    public double Kept { get; } = 1 - rate * decay;

    /// <summary>η / (1 − β₁ᵗ).</summary>
    public double StepSize { get; } = rate / (1 - Math.Pow(options.Beta1, steps));

    /// <summary>1 / √(1 − β₂ᵗ).</summary>
    public double RootScale { get; } = 1 / Math.Sqrt(1 - Math.Pow(options.Beta2, steps));

    /// <summary>In tensor operations, on any device; all fp32.</summary>
    public void Apply(Tensor weight, Tensor gradient, Tensor first, Tensor second)
    {
        if (Kept != 1) weight.mul_(Scalars.Of(Kept));
        if (GradientScale != 1) gradient = gradient * Scalars.Of(GradientScale);
        first.mul_(Scalars.Of(Beta1)).add_(gradient, Scalars.Of(1 - Beta1));
        second.mul_(Scalars.Of(Beta2)).addcmul_(gradient, gradient, Scalars.Of(1 - Beta2));
        weight.addcdiv_(first, second.sqrt().mul_(Scalars.Of(RootScale)).PlusInPlace(Epsilon), Scalars.Of(-StepSize));
    }
}
