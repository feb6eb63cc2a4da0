using FlowRL.Numerics;
using FlowRL.Numerics.Threads;

namespace FlowRL.Lab.Benchmarking;

/// <summary>Multiply-adds whose operands never leave the registers, on all threads: what the machine's arithmetic does by itself.</summary>
internal static unsafe class RegisterProduct
{
    private const int Rounds = 1 << 20;

    // As many sums as hide the latency of a multiply-add on any processor, and fit sixteen registers with their factor.
    private const int Sums = 12;

    public static double Gigaflops()
    {
        var threads = OpenMp.Threads;
        var lanes = Vectors.Widest;
        var results = new float[threads];
        var seconds = Ceilings.Best(8, () => OpenMp.Shares(threads, threads, (_, _, rank) => results[rank] = Vectors.Run(new Kernel(), lanes).Result));
        return 2.0 * Sums * Rounds * lanes * threads / seconds / 1e9;
    }

    private struct Kernel : IVectorKernel
    {
        /// <summary>Read by nobody, but the compiler cannot know: without it there would be nothing to compute.</summary>
        public float Result { get; private set; }

        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            var factor = S.Broadcast(0.5f);
            V a = S.Broadcast(1), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
            for (var round = 0; round < Rounds; round++)
            {
                a = S.MultiplyAdd(a, factor, factor);
                b = S.MultiplyAdd(b, factor, factor);
                c = S.MultiplyAdd(c, factor, factor);
                d = S.MultiplyAdd(d, factor, factor);
                e = S.MultiplyAdd(e, factor, factor);
                f = S.MultiplyAdd(f, factor, factor);
                g = S.MultiplyAdd(g, factor, factor);
                h = S.MultiplyAdd(h, factor, factor);
                i = S.MultiplyAdd(i, factor, factor);
                j = S.MultiplyAdd(j, factor, factor);
                k = S.MultiplyAdd(k, factor, factor);
                l = S.MultiplyAdd(l, factor, factor);
            }
            Result = S.Sum(S.Add(S.Add(S.Add(a, b), S.Add(c, d)), S.Add(S.Add(S.Add(e, f), S.Add(g, h)), S.Add(S.Add(i, j), S.Add(k, l)))));
        }
    }
}
