using System.Runtime.CompilerServices;

namespace FlowRL.Numerics;

/// <summary>
/// eˣ in fp32 within two units in the last place: x = n ln 2 + r with |r| ≤ ln 2 / 2, a polynomial for eʳ, and the exponent set to n.
/// Below −87 the result is about 1e-38, above 88 about 1.6e38: nothing here is denormal or infinite.
/// </summary>
internal static class Exponential
{
    private const float Lowest = -87.0f, Highest = 88.0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        x = S.Max(x, S.Broadcast(Lowest));
        x = S.Subtract(S.Broadcast(0), S.Max(S.Subtract(S.Broadcast(0), x), S.Broadcast(-Highest)));
        var n = S.Round(S.Multiply(x, S.Broadcast(1.44269504f)));
        // ln 2 in two parts, so that r loses nothing where n is large.
        var r = S.MultiplyAdd(n, S.Broadcast(-0.693359375f), x);
        r = S.MultiplyAdd(n, S.Broadcast(2.12194440e-4f), r);
        // Taylor coefficients: the last term left out is below 1e-8 for |r| ≤ 0.35.
        var p = S.Broadcast(1 / 5040f);
        p = S.MultiplyAdd(p, r, S.Broadcast(1 / 720f));
        p = S.MultiplyAdd(p, r, S.Broadcast(1 / 120f));
        p = S.MultiplyAdd(p, r, S.Broadcast(1 / 24f));
        p = S.MultiplyAdd(p, r, S.Broadcast(1 / 6f));
        p = S.MultiplyAdd(p, r, S.Broadcast(0.5f));
        p = S.MultiplyAdd(p, r, S.Broadcast(1));
        p = S.MultiplyAdd(p, r, S.Broadcast(1));
        return S.Multiply(p, S.PowerOfTwo(n));
    }
}

/// <summary>1 / (1 + e⁻ˣ).</summary>
internal static class Sigmoid
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        var one = S.Broadcast(1);
        return S.Divide(one, S.Add(one, Exponential.Of<S, V>(S.Subtract(S.Broadcast(0), x))));
    }
}
