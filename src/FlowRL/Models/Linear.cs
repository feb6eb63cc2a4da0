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

    private Tensor Product(Tensor x) => weight.dtype == x.dtype
        ? nn.functional.linear(x, weight, bias)
        : nn.functional.linear(x.to_type(weight.dtype), weight, bias).to_type(x.dtype);
}
