using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>
/// g(δ), what a residual costs. For every kind g(0) = 0, g ≥ 0, g′(0) = 0, and g(δ) = δ² + o(δ²), so that kinds share a learning rate.
/// With u = δ/κ, h the kind's function and c = clip(u, −L, L): g(δ) = κ²·(h(c) + h′(c)·(u − c)), the function up to L and its tangent
/// beyond. Huber is the square with L = 1; the exponential kinds have L = 20, so that nothing overflows; the square has no L.
/// Kinds from "Beyond Squared Error" (Hu et al. 2024, arXiv 2410.02596), rescaled.
/// </summary>
/// <param name="Kind">The function h.</param>
/// <param name="Scale">κ &gt; 0 in nats: the residual at which the kind leaves the parabola. The square does not depend on it.</param>
internal sealed record ResidualLoss(ResidualKind Kind, double Scale)
{
    private const double LargestExponent = 20;

    /// <summary>g of each element, of any shape, with gradient.</summary>
    public Tensor Of(Tensor delta)
    {
        if (Kind == ResidualKind.Squared) return delta.Squared();
        using var scope = NewDisposeScope();
        var bound = Kind == ResidualKind.Huber ? 1.0 : LargestExponent;
        var u = delta / Scalars.Of(Scale);
        var c = u.clamp(Scalars.Of(-bound), Scalars.Of(bound));
        var two = Scalars.Of(2);
        var (value, slope) = Kind switch
        {
            ResidualKind.Huber => (c.Squared(), two * c),
            ResidualKind.Linex => (two * (c.expm1() - c), two * c.expm1()),
            ResidualKind.ShiftedCosh => (Scalars.Of(4) * (c / two).sinh().Squared(), two * c.sinh()),
            _ => throw new InvalidOperationException($"No such residual loss: {Kind}."),
        };
        return (Scalars.Of(Scale * Scale) * value.Plus(slope * (u - c))).MoveToOuterDisposeScope();
    }
}

/// <summary>The shape of <see cref="ResidualLoss"/>.</summary>
public enum ResidualKind
{
    /// <summary>u², the paper's.</summary>
    Squared,

    /// <summary>u² up to |u| = 1, then a straight line: the gradient is bounded.</summary>
    Huber,

    /// <summary>2·(eᵘ − u − 1): steep where the policy gives too much, gentle where it gives too little.</summary>
    Linex,

    /// <summary>2·(cosh u − 1): steeper than the square on both sides.</summary>
    ShiftedCosh,
}
