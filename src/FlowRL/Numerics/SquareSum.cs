using FlowRL.Numerics.Threads;
using static TorchSharp.torch;

namespace FlowRL.Numerics;

/// <summary>Σ x² without a copy: in fp32 within short runs, their sums in fp64 and in order, so that the number of threads changes nothing.</summary>
internal readonly unsafe struct SquareSum(float* numbers, long count, double* sums, int first, int last) : IVectorKernel
{
    private const int Block = 1 << 12;

    /// <summary>Of an fp32 tensor on the CPU.</summary>
    public static double Of(Tensor tensor)
    {
        using var dense = tensor.contiguous();
        var (address, count) = ((nint)TensorMemory.Floats(dense), dense.numel());
        var blocks = new double[(count + Block - 1) / Block];
        fixed (double* place = blocks)
        {
            var sums = (nint)place;
            OpenMp.For(blocks.Length, (first, last, _) => Vectors.Run(new SquareSum((float*)address, count, (double*)sums, first, last), Vectors.Widest));
        }
        return blocks.Sum();
    }

    public void Run<S, V>()
        where S : struct, ISimd<V>
        where V : struct
    {
        for (var block = first; block < last; block++)
        {
            long i = (long)block * Block, end = Math.Min(count, i + Block);
            V even = S.Broadcast(0), odd = even;
            for (; i + 2 * S.Lanes <= end; i += 2 * S.Lanes)
            {
                V a = S.Load(numbers + i), b = S.Load(numbers + i + S.Lanes);
                even = S.MultiplyAdd(a, a, even);
                odd = S.MultiplyAdd(b, b, odd);
            }
            double sum = S.Sum(S.Add(even, odd));
            for (; i < end; i++) sum += (double)numbers[i] * numbers[i];
            sums[block] = sum;
        }
    }
}
