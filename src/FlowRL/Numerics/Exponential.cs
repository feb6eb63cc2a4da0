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
        x = Clamp<S, V>(x);
        var n = Exponent<S, V>(x);
        var r = Remainder<S, V>(x, n);
        return S.Multiply(S.MultiplyAdd(Series<S, V>(r), r, S.Broadcast(1)), S.PowerOfTwo(n));
    }

    /// <summary>eˣ − 1, as exact where x is small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MinusOne<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        x = Clamp<S, V>(x);
        var n = Exponent<S, V>(x);
        var r = Remainder<S, V>(x, n);
        var power = S.PowerOfTwo(n);
        return S.MultiplyAdd(S.Multiply(Series<S, V>(r), r), power, S.Subtract(power, S.Broadcast(1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Clamp<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        x = S.Max(x, S.Broadcast(Lowest));
        return S.Subtract(S.Broadcast(0), S.Max(S.Subtract(S.Broadcast(0), x), S.Broadcast(-Highest)));
    }

    /// <summary>n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exponent<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
        => S.Round(S.Multiply(x, S.Broadcast(1.44269504f)));

    /// <summary>r; ln 2 in two parts, so that it loses nothing where n is large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Remainder<S, V>(V x, V n)
        where S : struct, ISimd<V>
        where V : struct
        => S.MultiplyAdd(n, S.Broadcast(2.12194440e-4f), S.MultiplyAdd(n, S.Broadcast(-0.693359375f), x));

    /// <summary>(eʳ − 1) / r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Series<S, V>(V r)
        where S : struct, ISimd<V>
        where V : struct
    {
        // Taylor coefficients: the last term left out is below 1e-8 for |r| ≤ 0.35.
        var p = S.Broadcast(1 / 5040f);
        p = S.MultiplyAdd(p, r, S.Broadcast(1 / 720f));
        p = S.MultiplyAdd(p, r, S.Broadcast(1 / 120f));
        p = S.MultiplyAdd(p, r, S.Broadcast(1 / 24f));
        p = S.MultiplyAdd(p, r, S.Broadcast(1 / 6f));
        p = S.MultiplyAdd(p, r, S.Broadcast(0.5f));
        return S.MultiplyAdd(p, r, S.Broadcast(1));
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

/// <summary>tanh x = (e²ˣ − 1) / (e²ˣ + 1).</summary>
internal static class HyperbolicTangent
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        var grown = Exponential.MinusOne<S, V>(S.Add(x, x));
        return S.Divide(grown, S.Add(grown, S.Broadcast(2)));
    }
}
