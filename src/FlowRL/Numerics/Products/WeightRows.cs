using static TorchSharp.torch;

namespace FlowRL.Numerics.Products;

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
        _data = (byte*)TensorMemory.Pointer(weight);
    }

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
}
