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
        if (adapter is null) return Product(x);
        // What is left out of an adapter's input is not left out of the matrix's.
        var read = adapter.Thin?.Invoke(x) ?? x;
        return ReferenceEquals(read, x) && FusedLinear.Fits(x, weight) ? FusedLinear.Apply(x, weight, bias, adapter) : adapter.AddTo(Product(x), read);
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
    /// <summary>What an update does to x before A reads it: x itself where that is nothing, as where this is null.</summary>
    public Func<Tensor, Tensor>? Thin { get; init; }

    /// <summary>Adds the adapter's part for what A reads, x (N, in) or its thinned form, to y (N, out), in the memory of y.</summary>
    public Tensor AddTo(Tensor y, Tensor read) => y.addmm_(read.mm(A.t()), B.t(), 1, (float)Scale);

    /// <summary>(out, in) fp32: what is added to the matrix.</summary>
    public Tensor Product() => B.mm(A).mul_(Scalars.Of(Scale));
}
