using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// Gradients that functions add to by themselves in backward. As results of the function, they would be made whole and then added: for an
/// embedding that is the head too, three more tensors of its size.
/// </summary>
internal static class WeightGradient
{
    /// <summary>The gradient that a weight has; if none, zeros that it has from now on. The handle goes with the current dispose scope.</summary>
    public static Tensor Of(Tensor weight)
    {
        if (weight.grad is { } present) return present;
        var fresh = zeros_like(weight);
        weight.grad = fresh;
        return fresh;
    }
}
