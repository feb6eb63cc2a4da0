using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>What each token does to the matrices of a layer that mixes by the delta rule.</summary>
/// <param name="Query">(N, H, dk) what reads.</param>
/// <param name="Key">(N, H, dk), of length 1.</param>
/// <param name="Value">(N, H, dv).</param>
/// <param name="Decay">(N, H) natural logarithm of what is kept, at most 0.</param>
/// <param name="Strength">(N, H) how much of a correction is written, from 0 to 1.</param>
internal sealed record DeltaInputs(Tensor Query, Tensor Key, Tensor Value, Tensor Decay, Tensor Strength)
{
    /// <summary>The same of other tokens, or in another order of dimensions.</summary>
    public DeltaInputs Select(Func<Tensor, Tensor> select) => new(select(Query), select(Key), select(Value), select(Decay), select(Strength));
}

/// <summary>
/// The gated delta rule: for each token S ← e^g S, then S ← S + k ⊗ β (v − Sᵀ k), and Sᵀ q is read. Several tokens at a time: within a chunk, the
/// corrections solve a triangular system (arXiv 2412.06464, section 3.3), so that one matrix a chunk is kept for backward, not one a token.
/// </summary>
/// <remarks>R sequences, H heads, T tokens, C of a chunk, dk and dv the widths of keys and values.</remarks>
internal static class DeltaRule
{
    // Short enough that powers of a triangular matrix stay small beside their sum.
    private const int Chunk = 16;

    /// <param name="inputs">(R, T, H, ...) each.</param>
    /// <param name="state">(R, H, dk, dv) before the first token.</param>
    /// <returns>What is read, (R, T, H, dv), and the state after the last token.</returns>
    public static (Tensor Read, Tensor State) Run(DeltaInputs inputs, Tensor state)
    {
        var length = inputs.Query.shape[1];
        var parts = new List<Tensor>();
        for (long start = 0; start < length; start += Chunk)
        {
            var count = Math.Min(Chunk, length - start);
            (var read, state) = Step(inputs.Select(all => all.narrow(1, start, count).transpose(1, 2)), state);
            parts.Add(read.transpose(1, 2));
        }
        return (parts.Count == 1 ? parts[0] : cat(parts, 1), state);
    }

    /// <summary>One chunk: inputs (R, H, C, ...).</summary>
    private static (Tensor Read, Tensor State) Step(DeltaInputs inputs, Tensor state)
    {
        var (q, k, v) = (inputs.Query, inputs.Key, inputs.Value);
        var length = (int)q.shape[2];
        var kept = inputs.Decay.cumsum(-1).unsqueeze(-1);                                 // (R, H, C, 1) since the chunk began
        var since = (kept - kept.transpose(-1, -2)).tril().exp().tril();                  // (R, H, C, C) from token j to token i ≥ j
        var strength = inputs.Strength.unsqueeze(-1);
        var solve = Inverse((k * strength).matmul(k.transpose(-1, -2)) * since.tril(-1), length);
        var corrections = solve.matmul((v - (k * kept.exp()).matmul(state)) * strength);  // (R, H, C, dv)
        var read = (q * kept.exp()).matmul(state).Plus((q.matmul(k.transpose(-1, -2)) * since).matmul(corrections));
        var all = kept.narrow(2, length - 1, 1);                                          // (R, H, 1, 1)
        var next = (state * all.exp()).Plus((k * (all - kept).exp()).transpose(-1, -2).matmul(corrections));
        return (read, next);
    }

    /// <summary>(1 + A)⁻¹ of a strictly lower triangular A, whose power C is 0: the product of (1 − A)(1 + A²)(1 + A⁴) ...</summary>
    private static Tensor Inverse(Tensor a, int size)
    {
        var one = eye(size, dtype: a.dtype, device: a.device);
        var power = a * Scalars.Of(-1L);
        var product = power.Plus(one);
        for (var reached = 2; reached < size; reached *= 2)
        {
            power = power.matmul(power);
            product = product.matmul(power.Plus(one));
        }
        return product;
    }
}
