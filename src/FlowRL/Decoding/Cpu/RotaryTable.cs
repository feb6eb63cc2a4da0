using System.Runtime.InteropServices;
using FlowRL.Models;

namespace FlowRL.Decoding.Cpu;

/// <summary>Cosines and sines of every position: half a head's width of each. Owns its memory.</summary>
internal sealed unsafe class RotaryTable : IDisposable
{
    private readonly int _half;
    private float* _cos;
    private float* _sin;

    public RotaryTable(DecoderConfig config, int positions)
    {
        _half = config.HeadWidth / 2;
        var (cos, sin) = RotaryEmbedding.Table(config, positions);
        _cos = Copy(cos);
        _sin = Copy(sin);
    }

    public float* Cos(int position) => _cos + (long)position * _half;

    public float* Sin(int position) => _sin + (long)position * _half;

    public void Dispose()
    {
        NativeMemory.AlignedFree(_cos);
        NativeMemory.AlignedFree(_sin);
        _cos = null;
        _sin = null;
    }

    private static float* Copy(float[] values)
    {
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)values.Length * sizeof(float), 64);
        values.CopyTo(new Span<float>(memory, values.Length));
        return memory;
    }
}
