using CsCheck;
using FlowRL.Evaluation;

namespace FlowRL.Tests.Evaluation;

public sealed class FrontTests
{
    private static readonly Gen<Front> Fronts = Gen.Select(Gen.Double[0, 1], Gen.Double[0, 9]).Array[1, 7].Select(points => new Front(points));

    private static readonly Front Falling = new([(0.7, 2), (0.6, 4), (0.4, 5)]);

    [Fact]
    public void Values_lie_on_the_lines_between_points()
    {
        Assert.Equal(3, Falling.VarietyAt(0.65)!.Value, 1e-12);
        Assert.Equal(4.5, Falling.VarietyAt(0.5)!.Value, 1e-12);
        Assert.Equal(0.65, Falling.AccuracyAt(3)!.Value, 1e-12);
        Assert.Equal((2, 5, 0.6), (Falling.VarietyAt(0.7), Falling.VarietyAt(0.4), Falling.AccuracyAt(4)));
    }

    [Fact]
    public void Nothing_is_extrapolated()
    {
        Assert.Null(Falling.VarietyAt(0.71));
        Assert.Null(Falling.VarietyAt(0.39));
        Assert.Null(Falling.AccuracyAt(1.9));
        Assert.Null(Falling.AccuracyAt(5.1));
        Assert.Null(Falling.Over(new Front([(0.9, 1), (0.8, 2)])));
        Assert.Null(Falling.Over(new Front([(0.5, 2)])));
    }

    [Fact]
    public void Where_a_front_turns_back_its_better_part_counts()
    {
        var hook = new Front([(0.7, 3), (0.6, 4), (0.65, 5)]);
        Assert.Equal(4.5, hook.VarietyAt(0.625)!.Value, 1e-12);
        Assert.Equal(3.25, hook.VarietyAt(0.675)!.Value, 1e-12);
        Assert.Equal(0.65, hook.AccuracyAt(5));
    }

    // Above: 3 at every accuracy from 0.5 to 0.8. Falling from 2 at 0.7 over 4 at 0.6: 3 − 3 on average from 0.6 to 0.7, and 3 − 4.25 from 0.5 to 0.6.
    [Fact]
    public void The_area_by_hand()
    {
        var gap = new Front([(0.8, 3), (0.5, 3)]).Over(Falling)!;
        Assert.Equal((0.5, 0.7), (gap.From, gap.To));
        Assert.Equal(-0.125, gap.Area, 1e-12);
        Assert.Equal(-0.625, gap.Height, 1e-12);
    }

    // x from 0 to 1 and from 1 to 0 cross in the middle: the better of them is 1 − x, then x, with the mean 3/4.
    [Fact]
    public void Crossings_of_a_fronts_own_lines_are_corners() =>
        Assert.Equal(0.75, new Front([(0, 0), (1, 1), (1, 2), (0, 1), (1, 0), (0, 0)]).Over(new Front([(0, 0.75), (1, 0.75)]))!.Area, 1e-12);

    [Fact]
    public void The_area_changes_its_sign_with_the_order_and_vanishes_against_itself() => Gen.Select(Fronts, Fronts).Sample((a, b) =>
    {
        Assert.Equal(a.Over(b)?.Area ?? 0, -(b.Over(a)?.Area ?? 0), 1e-9);
        Assert.Equal(0, a.Over(a)?.Area ?? 0, 1e-9);
    });

    [Fact]
    public void A_front_that_lies_above_by_a_constant_has_that_height() => Gen.Select(Fronts, Gen.Double[-3, 3]).Sample((front, shift) =>
    {
        var other = new Front([.. front.Points.Select(point => (point.Accuracy, point.Variety + shift))]);
        if (other.Over(front) is { } gap) Assert.Equal(shift, gap.Height, 1e-6);
    });

    [Fact]
    public void The_area_is_the_integral() => Gen.Select(Fronts, Fronts).Sample((a, b) =>
    {
        if (a.Over(b) is not { } gap) return;
        const int steps = 4000;
        var width = (gap.To - gap.From) / steps;
        var sum = Enumerable.Range(0, steps).Sum(i => (gap.From + (i + 0.5) * width) is var x ? (a.VarietyAt(x)!.Value - b.VarietyAt(x)!.Value) * width : 0);
        Assert.Equal(sum, gap.Area, 0.02);
    }, iter: 20);
}
