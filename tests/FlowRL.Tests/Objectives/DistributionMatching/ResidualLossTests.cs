using CsCheck;
using FlowRL.Objectives.DistributionMatching;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Objectives.DistributionMatching;

public sealed class ResidualLossTests
{
    private static readonly Gen<ResidualLoss> Losses =
        Gen.Select(Gen.Enum<ResidualKind>(), Gen.Double[0.1, 20], (kind, scale) => new ResidualLoss(kind, scale));

    [Fact]
    public void Zero_costs_nothing_and_is_stationary() => Losses.Sample(loss =>
    {
        Assert.Equal((0, 0), At(loss, 0));
    }, iter: 40, threads: 1);

    [Fact]
    public void No_residual_costs_less_than_zero_and_cost_grows_away_from_it() =>
        Gen.Select(Losses, Gen.Double[-2000, 2000]).Sample((loss, delta) =>
        {
            var (value, slope) = At(loss, delta);
            Assert.True(value >= 0 && double.IsFinite(value), $"g({delta}) = {value}");
            Assert.True(slope * delta >= 0 && double.IsFinite(slope), $"g'({delta}) = {slope}");
        }, iter: 200, threads: 1);

    [Fact]
    public void Small_residuals_cost_their_square() => Losses.Sample(loss =>
    {
        var delta = 1e-3 * loss.Scale;
        Assert.Equal(1, At(loss, delta).Value / (delta * delta), 1e-3);
        Assert.Equal(1, At(loss, -delta).Value / (delta * delta), 1e-3);
    }, iter: 40, threads: 1);

    // κ = 2, δ = ±3, so u = ±1.5. Huber: 2·2·3 − 4 = 8. Linex: 8·(e^1.5 − 2.5) and 8·(e^−1.5 + 0.5).
    // Shifted cosh: 8·(cosh 1.5 − 1). The square does not see κ.
    [Theory]
    [InlineData(ResidualKind.Squared, 3, 9)]
    [InlineData(ResidualKind.Huber, 3, 8)]
    [InlineData(ResidualKind.Huber, -3, 8)]
    [InlineData(ResidualKind.Linex, 3, 15.853512562704518)]
    [InlineData(ResidualKind.Linex, -3, 5.785041281187437)]
    [InlineData(ResidualKind.ShiftedCosh, 3, 10.819276921945977)]
    [InlineData(ResidualKind.ShiftedCosh, -3, 10.819276921945977)]
    public void Each_kind_has_its_golden_value(ResidualKind kind, double delta, double expected) =>
        Assert.Equal(expected, At(new ResidualLoss(kind, 2), delta).Value, 1e-12);

    // Beyond |u| = 20 the exponential kinds go on along their tangent: no jump, and a constant slope of 2κ·(e²⁰ − 1) and 2κ·sinh 20.
    [Theory]
    [InlineData(ResidualKind.Linex)]
    [InlineData(ResidualKind.ShiftedCosh)]
    public void Exponential_kinds_are_straight_lines_far_out(ResidualKind kind)
    {
        var loss = new ResidualLoss(kind, 1);
        var slope = kind == ResidualKind.Linex ? 2 * (Math.Exp(20) - 1) : 2 * Math.Sinh(20);
        Assert.Equal(1, At(loss, 25).Slope / slope, 1e-12);
        Assert.Equal(1, (At(loss, 30).Value - At(loss, 25).Value) / (5 * slope), 1e-12);
        Assert.Equal(1, At(loss, 20 + 1e-9).Value / At(loss, 20 - 1e-9).Value, 1e-8);
    }

    private static (double Value, double Slope) At(ResidualLoss loss, double delta)
    {
        using var scope = NewDisposeScope();
        var x = tensor(delta, ScalarType.Float64).requires_grad_(true);
        var value = loss.Of(x);
        value.backward();
        return (value.ToDouble(), x.grad!.ToDouble());
    }
}
