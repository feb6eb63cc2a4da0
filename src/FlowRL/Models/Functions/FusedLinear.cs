using FlowRL.Numerics;
using FlowRL.Numerics.Products;
using static TorchSharp.torch;

namespace FlowRL.Models.Functions;

/// <summary>
/// x Wᵀ + b, and what an adapter adds, with the products of <see cref="LinearProducts"/>, forward and backward. Gradients of matrices are added to what
/// they have, and nothing of W's size is made.
/// </summary>
internal sealed class FusedLinear : autograd.SingleTensorFunction<FusedLinear>
{
    public override string Name => nameof(FusedLinear);

    /// <summary>Whether this applies: else the tensor operations do.</summary>
    public static bool Fits(Tensor x, Tensor weight) => x.dim() == 2 && TensorMemory.IsReachable(x) && TensorMemory.IsReachable(weight);

    /// <param name="x">(N, K) fp32.</param>
    /// <param name="weight">(O, K) fp32, contiguous.</param>
    /// <param name="bias">(O) fp32, or null.</param>
    /// <param name="adapter">Reads x whole; null for none.</param>
    /// <returns>(N, O).</returns>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor? bias, LowRank? adapter = null) =>
        apply(x, weight, bias!, adapter?.A!, adapter?.B!, adapter?.Scale ?? 0);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[2]);
        var (a, b, scale) = ((Tensor?)vars[3], (Tensor?)vars[4], (double)vars[5]);
        ctx.save_data("biased", bias is { requires_grad: true });
        ctx.save_data(nameof(scale), scale);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var y = LinearProducts.Forward(x, weight, bias);
        if (a is null || b is null) ctx.save_for_backward([x, weight]);
        else
        {
            var inner = LinearProducts.Forward(x, a, null).mul_(Scalars.Of(scale)); // (N, r)
            LinearProducts.AddForward(inner, b, y);
            ctx.save_for_backward([x, weight, a, b, inner.MoveToOuterDisposeScope()]);
        }
        return y.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var pass = new BackwardPass(ctx, grad_output);
        var (x, weight, dy) = (pass.Saved[0], pass.Saved[1], pass.Gradient);
        if (weight.requires_grad) LinearProducts.AddWeightGradient(dy, x, WeightGradient.Of(weight));
        var dx = x.requires_grad ? LinearProducts.InputGradient(dy, weight) : null;
        if (pass.Saved.Count > 2)
        {
            var (a, b, inner) = (pass.Saved[2], pass.Saved[3], pass.Saved[4]);
            var dInner = LinearProducts.InputGradient(dy, b).mul_(Scalars.Of((double)ctx.get_data("scale"))); // (N, r)
            if (b.requires_grad) LinearProducts.AddWeightGradient(dy, inner, WeightGradient.Of(b));
            if (a.requires_grad) LinearProducts.AddWeightGradient(dInner, x, WeightGradient.Of(a));
            if (dx is not null) LinearProducts.AddInputGradient(dInner, a, dx);
        }
        return pass.Give(dx!, null!, (bool)ctx.get_data("biased") ? dy.sum([0L]) : null!, null!, null!, null!);
    }
}
