using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowRL.Rollouts;

/// <summary>The tokens whose weight is at least a floor, in the order of their ids; sixteen that are lighter are passed over at once.</summary>
/// <param name="weights">One a token.</param>
/// <param name="floor">The least weight.</param>
internal ref struct HeavyTokens(ReadOnlySpan<float> weights, float floor)
{
    private const int Lanes = 16;

    private readonly ref float _weights = ref MemoryMarshal.GetReference(weights);
    private readonly int _count = weights.Length;
    private readonly float _floor = floor;
    private int _block = -Lanes;
    private ulong _heavy; // of the block, a bit a token

    public int Current { get; private set; }

    public readonly HeavyTokens GetEnumerator() => this;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        if (_heavy == 0 && !Find()) return false;
        Current = _block + BitOperations.TrailingZeroCount(_heavy);
        _heavy &= _heavy - 1;
        return true;
    }

    private bool Find()
    {
        var floor = Vector512.Create(_floor);
        for (_block += Lanes; _block + Lanes <= _count; _block += Lanes)
        {
            _heavy = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref _weights, (nuint)_block), floor).ExtractMostSignificantBits();
            if (_heavy != 0) return true;
        }
        for (var i = _block; i < _count; i++) if (Unsafe.Add(ref _weights, i) >= _floor) _heavy |= 1UL << (i - _block);
        return _heavy != 0;
    }
}
