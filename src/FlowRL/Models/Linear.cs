using FlowRL.Models.Functions;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// x Wᵀ + b, and what an adapter adds. The product runs in the weight's type and gives fp32: with BF16 weights only the product is BF16, never the residual
/// stream, norms, adapters or reductions.
/// </summary>
/// <remarks>Borrows its tensors from a <see cref="WeightSet"/>.</remarks>
internal readonly struct Linear(Tensor weight, Tensor? bias, LowRank? adapter = null)
{
    public Tensor Apply(Tensor x)
    {
        var y = Product(x);
        return adapter is null ? y : adapter.AddTo(y, x);
    }

    private Tensor Product(Tensor x) => FusedLinear.Fits(x, weight) ? FusedLinear.Apply(x, weight, bias) : weight.dtype == x.dtype
        ? nn.functional.linear(x, weight, bias)
        : nn.functional.linear(x.to_type(weight.dtype), weight, bias).to_type(x.dtype);
}

/// <summary>
/// One adapter: it adds s · B A to a matrix W (out, in), so that the layer computes x Wᵀ + s · (x Aᵀ) Bᵀ (arXiv 2106.09685, equation 3,
/// with s = α / r). A (r, in) and B (out, r) are fp32 and borrowed.
/// </summary>
internal sealed record LowRank(Tensor A, Tensor B, double Scale)
{
    /// <summary>What an update does to x before A reads it; nothing where null.</summary>
    public Func<Tensor, Tensor>? Thin { get; init; }

    /// <summary>Adds the adapter's part for x (N, in) to y (N, out), in the memory of y.</summary>
    public Tensor AddTo(Tensor y, Tensor x) => y.addmm_((Thin?.Invoke(x) ?? x).mm(A.t()), B.t(), 1, (float)Scale);

    /// <summary>(out, in) fp32: what is added to the matrix.</summary>
    public Tensor Product() => B.mm(A).mul_(Scalars.Of(Scale));
}
