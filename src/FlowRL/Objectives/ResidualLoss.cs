using static TorchSharp.torch;

namespace FlowRL.Objectives;

/// <summary>
/// How a residual δ becomes a loss. Every g has g(0) = 0, g ≥ 0, g'(0) = 0 and g''(0) = 2, so near 0 all are δ², and far from it the
/// bounded ones grow more slowly.
/// </summary>
public enum ResidualLoss
{
    /// <summary>δ².</summary>
    Squared,

    /// <summary>δ² within 1, 2|δ| − 1 beyond.</summary>
    Huber,

    /// <summary>2(e^δ − δ − 1): exponential above, linear below.</summary>
    Linex,

    /// <summary>2(cosh δ − 1).</summary>
    ShiftedCosh,
}

/// <summary>Evaluates <see cref="ResidualLoss"/>.</summary>
public static class ResidualLosses
{
    // e^20 is the largest value that keeps fp32 sums and their gradients finite with room to spare.
    private const double ExponentBound = 20;

    /// <summary>g(δ), element by element.</summary>
    public static Tensor Apply(this ResidualLoss loss, Tensor residual)
    {
        using var scope = NewDisposeScope();
        var bounded = residual.clamp(-ExponentBound, ExponentBound);
        var result = loss switch
        {
            ResidualLoss.Huber => where(residual.abs() <= 1, residual.square(), 2 * residual.abs() - 1),
            ResidualLoss.Linex => 2 * (bounded.exp() - residual - 1),
            ResidualLoss.ShiftedCosh => bounded.exp() + (-bounded).exp() - 2,
            _ => residual.square(),
        };
        return result.MoveToOuterDisposeScope();
    }
}
