using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace FlowRL.Decoding.Cpu;

/// <summary>The rows of a weight tensor on the CPU as fp32, read in place where they are fp32 and widened where they are BF16.</summary>
internal sealed unsafe class WeightRows
{
    private readonly byte* _data;
    private readonly bool _isWide;

    /// <param name="weight">(N, K) or (K), fp32 or BF16, contiguous, on the CPU; borrowed, and must outlive this.</param>
    public WeightRows(Tensor weight)
    {
        _isWide = weight.dtype == ScalarType.Float32;
        Columns = (int)weight.shape[^1];
        Rows = (int)(weight.numel() / Columns);
        _data = (byte*)Pointer(weight);
    }

    /// <summary>Whether the tensor engine's memory can be read at all.</summary>
    public static bool CanRead(Tensor weight) => weight.device.type == TorchSharp.DeviceType.CPU && weight.is_contiguous() &&
        weight.dtype is ScalarType.Float32 or ScalarType.BFloat16;

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The K numbers of a row: where they are, or copied to <paramref name="scratch"/>.</summary>
    public float* Row(int row, float* scratch)
    {
        if (_isWide) return (float*)_data + (long)row * Columns;
        Copy(row, scratch);
        return scratch;
    }

    public void Copy(int row, float* target)
    {
        if (_isWide)
        {
            new ReadOnlySpan<float>((float*)_data + (long)row * Columns, Columns).CopyTo(new Span<float>(target, Columns));
            return;
        }
        var source = (ushort*)_data + (long)row * Columns;
        for (var k = 0; k < Columns; k++) target[k] = BitConverter.UInt32BitsToSingle((uint)source[k] << 16);
    }

    // A span holds 2 GB at most, so the address is taken from the first row.
    private static void* Pointer(Tensor weight)
    {
        using var first = weight.dim() > 1 ? weight.narrow(0, 0, 1) : weight.alias();
        fixed (byte* data = &MemoryMarshal.GetReference(first.bytes)) return data; // native memory: nothing moves it
    }
}
