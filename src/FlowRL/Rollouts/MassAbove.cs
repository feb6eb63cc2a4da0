using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowRL.Rollouts;

/// <summary>A bound on the lightest token that top-p keeps, from the sums of the weights that are at least 1/4, 1/16, …, 4^−8.</summary>
internal static class MassAbove
{
    // Sums are in fp32: what is asked for covers their errors.
    private const double Slack = 1.001;

    /// <summary>
    /// The largest of these powers of four from which on there is more than a mass, so that the tokens which together have it are not lighter; 0 where the
    /// smallest is too large. Sixteen weights at a time, without a branch.
    /// </summary>
    /// <param name="weights">In [0, 1].</param>
    /// <param name="mass">Of the heaviest tokens.</param>
    public static float Floor(ReadOnlySpan<float> weights, double mass)
    {
        Vector512<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (; weights.Length >= Vector512<float>.Count; weights = weights[Vector512<float>.Count..])
        {
            var next = Vector512.Create(weights);
            a += Above(next, 1);
            b += Above(next, 2);
            c += Above(next, 3);
            d += Above(next, 4);
            e += Above(next, 5);
            f += Above(next, 6);
            g += Above(next, 7);
            h += Above(next, 8);
        }
        ReadOnlySpan<Vector512<float>> sums = [a, b, c, d, e, f, g, h];
        for (var power = 1; power <= sums.Length; power++) if (Vector512.Sum(sums[power - 1]) >= Slack * mass) return PowerOfFour(power);
        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Above(Vector512<float> weights, int power) =>
        Vector512.GreaterThanOrEqual(weights, Vector512.Create(PowerOfFour(power))) & weights;

    /// <summary>4^−power.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float PowerOfFour(int power) => BitConverter.Int32BitsToSingle((127 - 2 * power) << 23);
}
