namespace FlowRL.Numerics;

/// <summary>The softmax of one row of logits, scaled. Valid until the same thread makes the next: the weights lie in its scratch memory.</summary>
internal readonly unsafe ref struct SoftmaxRow
{
    // Registers summed in fp32 before the sum goes to double: short enough that nothing is lost.
    private const int SumBlock = 16;

    [ThreadStatic]
    private static float[]? _scratch;

    private readonly ReadOnlySpan<float> _logits;
    private readonly double _scale;

    /// <param name="logits">At least one.</param>
    /// <param name="scale">One over the temperature.</param>
    public SoftmaxRow(ReadOnlySpan<float> logits, double scale)
    {
        if (_scratch is null || _scratch.Length < logits.Length) _scratch = new float[logits.Length];
        _logits = logits;
        _scale = scale;
        Weights = _scratch.AsSpan(0, logits.Length);
        fixed (float* source = logits, target = _scratch)
        {
            var result = Vectors.Run(new Kernel(source, target, logits.Length, (float)scale), Vectors.Widest);
            (Largest, Total) = (result.Largest, result.Total);
        }
    }

    /// <summary>The largest logit; NaN or infinite if that is the largest.</summary>
    public float Largest { get; }

    /// <summary>exp(scale · (logit − largest)) of each.</summary>
    public ReadOnlySpan<float> Weights { get; }

    /// <summary>The sum of the weights.</summary>
    public double Total { get; }

    /// <summary>log softmax of one index.</summary>
    public float LogProb(int index) => (float)(((double)_logits[index] - Largest) * _scale - Math.Log(Total));

    private struct Kernel(float* source, float* target, int count, float scale) : IVectorKernel
    {
        public float Largest { get; private set; }

        public double Total { get; private set; }

        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            Largest = RowKernel<S, V>.Largest(source, count);
            Total = Exponentiate<S, V>();
        }

        private readonly double Exponentiate<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            var (total, i) = (0.0, 0);
            V factor = S.Broadcast(scale), offset = S.Broadcast(Largest);
            while (i + S.Lanes <= count)
            {
                var sum = S.Broadcast(0);
                for (var block = 0; block < SumBlock && i + S.Lanes <= count; block++, i += S.Lanes)
                {
                    var weight = Exponential.Of<S, V>(S.Multiply(S.Subtract(S.Load(source + i), offset), factor));
                    S.Store(target + i, weight);
                    sum = S.Add(sum, weight);
                }
                total += S.Sum(sum);
            }
            for (; i < count; i++) total += target[i] = MathF.Exp((source[i] - Largest) * scale);
            return total;
        }
    }
}
