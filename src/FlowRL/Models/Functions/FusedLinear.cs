using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Functions;

/// <summary>
/// x Wᵀ + b with the products of <see cref="LinearProducts"/>, forward and backward. The gradient of W is added to what W has, and nothing of its size
/// is made.
/// </summary>
internal sealed class FusedLinear : autograd.SingleTensorFunction<FusedLinear>
{
    public override string Name => nameof(FusedLinear);

    /// <summary>Whether this applies: else the tensor operations do.</summary>
    public static bool Fits(Tensor x, Tensor weight) => x.dim() == 2 && TensorMemory.IsReachable(x) && TensorMemory.IsReachable(weight);

    /// <param name="x">(N, K) fp32.</param>
    /// <param name="weight">(O, K) fp32, contiguous.</param>
    /// <param name="bias">(O) fp32, or null.</param>
    /// <returns>(N, O).</returns>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor? bias) => apply(x, weight, bias!);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[2]);
        ctx.save_for_backward([x, weight]);
        ctx.save_data("biased", bias is { requires_grad: true });
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return LinearProducts.Forward(x, weight, bias).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var pass = new BackwardPass(ctx, grad_output);
        var (x, weight, dy) = (pass.Saved[0], pass.Saved[1], pass.Gradient);
        if (weight.requires_grad) LinearProducts.AddWeightGradient(dy, x, WeightGradient.Of(weight));
        return pass.Give(
            x.requires_grad ? LinearProducts.InputGradient(dy, weight) : null!,
            null!,
            (bool)ctx.get_data("biased") ? dy.sum([0L]) : null!);
    }
}
