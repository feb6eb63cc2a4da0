using System.Runtime.CompilerServices;

namespace FlowRL.Numerics.Products;

/// <summary>What happens to a row of four finished sums while they are in registers.</summary>
internal unsafe interface IEpilogue<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>Numbers that one panel leaves in an output row.</summary>
    static abstract int Width { get; }

    static abstract void Store(float* target, V a, V b, V c, V d);
}

/// <summary>y = W x + b.</summary>
internal unsafe struct Assign<S, V> : IEpilogue<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    public static int Width => 4 * S.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, V a, V b, V c, V d)
    {
        S.Store(target, a);
        S.Store(target + S.Lanes, b);
        S.Store(target + 2 * S.Lanes, c);
        S.Store(target + 3 * S.Lanes, d);
    }
}

/// <summary>y ← y + W x + b: the residual stream.</summary>
internal unsafe struct AddTo<S, V> : IEpilogue<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    public static int Width => 4 * S.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, V a, V b, V c, V d) => Assign<S, V>.Store(target,
        S.Add(S.Load(target), a), S.Add(S.Load(target + S.Lanes), b),
        S.Add(S.Load(target + 2 * S.Lanes), c), S.Add(S.Load(target + 3 * S.Lanes), d));
}

/// <summary>y = activation(gate) · up, where a panel holds two registers of gates and the two of the same outputs' ups.</summary>
internal unsafe struct Gated<S, V, A> : IEpilogue<S, V>
    where S : struct, ISimd<V>
    where V : struct
    where A : struct, IActivation<S, V>
{
    public static int Width => 2 * S.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, V a, V b, V c, V d)
    {
        S.Store(target, S.Multiply(A.Of(a), c));
        S.Store(target + S.Lanes, S.Multiply(A.Of(b), d));
    }
}

/// <summary>What gates go through before they multiply.</summary>
internal interface IActivation<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    static abstract V Of(V x);
}

/// <summary>x · sigmoid(x).</summary>
internal struct Silu<S, V> : IActivation<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x) => S.Multiply(x, Sigmoid.Of<S, V>(x));
}

/// <summary>x/2 · (1 + tanh(u)) = x · sigmoid(2u) with u = √(2/π) · (x + 0.044715 x³).</summary>
internal struct GeluTanh<S, V> : IActivation<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    private const float Slope = 1.5957691f; // 2 √(2/π)

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x)
    {
        var bend = S.MultiplyAdd(S.Multiply(x, x), S.Broadcast(0.044715f * Slope), S.Broadcast(Slope));
        return S.Multiply(x, Sigmoid.Of<S, V>(S.Multiply(x, bend)));
    }
}
