using FlowRL.Numerics.Products;
using System.Runtime.CompilerServices;

namespace FlowRL.Numerics;

/// <summary>Four registers: the weights of one input, or one row's sums over a panel.</summary>
internal unsafe struct Quad<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    private V _a, _b, _c, _d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad(V a, V b, V c, V d)
    {
        _a = a;
        _b = b;
        _c = c;
        _d = d;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad(float* start)
        : this(S.Load(start), S.Load(start + S.Lanes), S.Load(start + 2 * S.Lanes), S.Load(start + 3 * S.Lanes))
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V x, Quad<S, V> weights)
    {
        _a = S.MultiplyAdd(x, weights._a, _a);
        _b = S.MultiplyAdd(x, weights._b, _b);
        _c = S.MultiplyAdd(x, weights._c, _c);
        _d = S.MultiplyAdd(x, weights._d, _d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store<E>(float* target)
        where E : struct, IEpilogue<S, V> => E.Store(target, _a, _b, _c, _d);
}
