using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>x / √(mean(x²) + ε) · w over the last dimension (arXiv 1910.07467).</summary>
internal readonly struct RmsNorm(Tensor weight, float epsilon)
{
    public Tensor Apply(Tensor x)
    {
        if (FusedRmsNorm.Fits(x)) return FusedRmsNorm.Apply(x, weight, epsilon);
        using var scope = NewDisposeScope();
        var inverse = x.Squared().mean([-1], keepdim: true).PlusInPlace(epsilon).rsqrt_();
        return (x * inverse * weight.to_type(x.dtype)).MoveToOuterDisposeScope();
    }
}
