using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// One adapter: it adds s · B A to a matrix W (out, in), so that the layer computes x Wᵀ + s · (x Aᵀ) Bᵀ (arXiv 2106.09685, equation 3,
/// with s = α / r). A (r, in) and B (out, r) are fp32 and borrowed.
/// </summary>
internal sealed record LowRank(Tensor A, Tensor B, double Scale)
{
    /// <summary>Adds the adapter's part for x (N, in) to y (N, out), in the memory of y.</summary>
    public Tensor AddTo(Tensor y, Tensor x) => y.addmm_(x.mm(A.t()), B.t(), 1, (float)Scale);

    /// <summary>(out, in) fp32: what is added to the matrix.</summary>
    public Tensor Product() => B.mm(A).mul_(Scalars.Of(Scale));
}
