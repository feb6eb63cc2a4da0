using FlowRL.Numerics.Threads;

namespace FlowRL.Numerics;

/// <summary>
/// Log-probability and entropy of rows of logits at a temperature, and their gradients, in one or two passes over the rows and without a copy of them.
/// </summary>
/// <remarks>
/// With a = (z − max z) / τ, L = log Σ eᵃ and p = eᵃ⁻ᴸ: log p_y = a_y − L, H = L − Σ p a, ∂ log p_y/∂z = (1_y − p) / τ and
/// ∂H/∂z = −p (a − L + H) / τ.
/// </remarks>
internal static unsafe class LogitRows
{
    /// <summary>Numbers of a <see cref="Summarise">summary</see>: max z, L, log p_y and H.</summary>
    public const int SummaryNumbers = 4;

    /// <summary>Fills the rows' summaries.</summary>
    /// <param name="z">(rows, <paramref name="vocabulary"/>).</param>
    /// <param name="rows">How many.</param>
    /// <param name="vocabulary">V, at least 1.</param>
    /// <param name="tokens">(rows) y.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="summaries">(rows, <see cref="SummaryNumbers"/>).</param>
    public static void Summarise(float* z, int rows, int vocabulary, long* tokens, double temperature, float* summaries)
    {
        nint from = (nint)z, y = (nint)tokens, to = (nint)summaries;
        OpenMp.For(rows, (first, last, _) => Vectors.Run(
            new Summary((float*)from, first, last, vocabulary, (long*)y, (float)(1 / temperature), (float*)to), Vectors.Widest));
    }

    /// <summary>Puts the gradient ∂/∂z of Σ (dLogProb log p_y + dEntropy H) in the place of z.</summary>
    /// <param name="z">As for <see cref="Summarise"/>.</param>
    /// <param name="rows">How many.</param>
    /// <param name="vocabulary">V.</param>
    /// <param name="tokens">(rows).</param>
    /// <param name="temperature">τ.</param>
    /// <param name="summaries">As <see cref="Summarise"/> has filled them.</param>
    /// <param name="dLogProb">(rows).</param>
    /// <param name="dEntropy">(rows).</param>
    public static void Differentiate(float* z, int rows, int vocabulary, long* tokens, double temperature, float* summaries, float* dLogProb, float* dEntropy)
    {
        nint at = (nint)z, y = (nint)tokens, sums = (nint)summaries, dp = (nint)dLogProb, dh = (nint)dEntropy;
        OpenMp.For(rows, (first, last, _) => Vectors.Run(new Gradient(
            (float*)at, first, last, vocabulary, (long*)y, (float)(1 / temperature), (float*)sums, (float*)dp, (float*)dh), Vectors.Widest));
    }

    private readonly struct Summary(float* z, int first, int last, int vocabulary, long* tokens, float scale, float* summaries) : IVectorKernel
    {
        // Registers summed in fp32 before the sum goes to double: short enough that nothing is lost, however large the vocabulary is.
        private const int SumBlock = 16;

        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            for (var row = first; row < last; row++)
            {
                var source = z + (long)row * vocabulary;
                var largest = RowKernel<S, V>.Largest(source, vocabulary);
                var (total, weighted, i) = (0.0, 0.0, 0);
                V factor = S.Broadcast(scale), offset = S.Broadcast(largest);
                while (i + S.Lanes <= vocabulary)
                {
                    V sum = S.Broadcast(0), other = sum;
                    for (var block = 0; block < SumBlock && i + S.Lanes <= vocabulary; block++, i += S.Lanes)
                    {
                        var a = S.Multiply(S.Subtract(S.Load(source + i), offset), factor);
                        var weight = Exponential.Of<S, V>(a);
                        sum = S.Add(sum, weight);
                        other = S.MultiplyAdd(weight, a, other);
                    }
                    total += S.Sum(sum);
                    weighted += S.Sum(other);
                }
                for (; i < vocabulary; i++)
                {
                    var a = (source[i] - largest) * scale;
                    var weight = MathF.Exp(a);
                    total += weight;
                    weighted += weight * a;
                }
                var logTotal = Math.Log(total);
                var summary = summaries + (long)row * SummaryNumbers;
                summary[0] = largest;
                summary[1] = (float)logTotal;
                summary[2] = (float)(((double)source[tokens[row]] - largest) * scale - logTotal);
                summary[3] = (float)(logTotal - weighted / total);
            }
        }
    }

    private readonly struct Gradient(
        float* z, int first, int last, int vocabulary, long* tokens, float scale, float* summaries, float* dLogProb, float* dEntropy) : IVectorKernel
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            for (var row = first; row < last; row++)
            {
                float* source = z + (long)row * vocabulary, summary = summaries + (long)row * SummaryNumbers;
                // −p (dLogProb + dEntropy (a − L + H)) / τ: a line in a − L, times p.
                var (slope, constant) = (-dEntropy[row] * scale, -(dLogProb[row] + dEntropy[row] * summary[3]) * scale);
                V factor = S.Broadcast(scale), offset = S.Broadcast(summary[0]), total = S.Broadcast(summary[1]);
                V rising = S.Broadcast(slope), fixedPart = S.Broadcast(constant);
                var i = 0;
                for (; i + S.Lanes <= vocabulary; i += S.Lanes)
                {
                    var logP = S.Subtract(S.Multiply(S.Subtract(S.Load(source + i), offset), factor), total);
                    S.Store(source + i, S.Multiply(Exponential.Of<S, V>(logP), S.MultiplyAdd(rising, logP, fixedPart)));
                }
                for (; i < vocabulary; i++)
                {
                    var logP = (source[i] - summary[0]) * scale - summary[1];
                    source[i] = MathF.Exp(logP) * (slope * logP + constant);
                }
                source[tokens[row]] += dLogProb[row] * scale;
            }
        }
    }
}
