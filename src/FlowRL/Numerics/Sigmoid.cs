using System.Runtime.CompilerServices;

namespace FlowRL.Numerics;

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
