using FlowRL.Models;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>Cosines and sines of every position: half a head's width of each. Owns its memory.</summary>
internal sealed unsafe class RotaryTable : IDisposable
{
    private readonly int _half;
    private readonly NativeBlock _cos;
    private readonly NativeBlock _sin;

    public RotaryTable(DecoderConfig config, int positions)
    {
        _half = config.HeadWidth / 2;
        var (cos, sin) = RotaryEmbedding.Table(config.RotaryOf(0)!, positions);
        _cos = Copy(cos);
        _sin = Copy(sin);
    }

    public float* Cos(int position) => (float*)_cos.Data + (long)position * _half;

    public float* Sin(int position) => (float*)_sin.Data + (long)position * _half;

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }

    private static NativeBlock Copy(float[] values)
    {
        var block = new NativeBlock((long)values.Length * sizeof(float));
        values.CopyTo(new Span<float>(block.Data, values.Length));
        return block;
    }
}
