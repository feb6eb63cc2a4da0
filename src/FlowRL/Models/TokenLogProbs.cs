using FlowRL.Models.Functions;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// Log-probability and entropy of one token a row, from hidden states, without ever holding (M, V): rows go through the head in chunks,
/// and the backward pass computes the logits of each chunk again. Memory is chunk × V whatever M is.
/// </summary>
/// <remarks>
/// With logits z = h Wᵀ / τ and p = softmax(z): ∂ log p_y/∂z = 1_y − p, and ∂ H/∂z = −p (log p + H).
/// M rows, D width, V vocabulary, τ temperature.
/// </remarks>
internal sealed class TokenLogProbs : autograd.SingleTensorFunction<TokenLogProbs>
{
    // 32 MB of fp32 logits a chunk: large enough for full speed of the products, small beside any model.
    private const long ChunkElements = 8L << 20;

    public override string Name => nameof(TokenLogProbs);

    /// <param name="hidden">(M, D) fp32 hidden states, each of the token before the one scored.</param>
    /// <param name="head">(V, D) rows of the head, fp32 or BF16.</param>
    /// <param name="tokens">(M) int64 ids of the scored tokens.</param>
    /// <param name="temperature">Divides the logits; above 0.</param>
    /// <param name="softCap">c of c · tanh(z / c), taken of the logits before the temperature; null for none.</param>
    /// <param name="drawn">Rows of the head whose tokens can be drawn, the first; the others have no probability. Null: all.</param>
    /// <returns>(M) log-probabilities and (M) entropies in nats, fp32, both differentiable; a head that requires no gradient gets none.</returns>
    public static (Tensor LogProbs, Tensor Entropy) Compute(Tensor hidden, Tensor head, Tensor tokens, double temperature, SoftCap? softCap = null,
        int? drawn = null)
    {
        if (hidden.dim() != 2 || head.dim() != 2 || hidden.shape[1] != head.shape[1] || tokens.shape[0] != hidden.shape[0])
        {
            throw new ArgumentException($"hidden [{string.Join(", ", hidden.shape)}] must be (M, D), head " +
                $"[{string.Join(", ", head.shape)}] (V, D) and tokens [{string.Join(", ", tokens.shape)}] (M).");
        }
        using var scope = NewDisposeScope();
        long rows = drawn ?? head.shape[0];
        if (rows < head.shape[0] && tokens.numel() > 0 && tokens.max().item<long>() is var largest && largest >= rows)
            throw new ArgumentException($"Token {largest} is to be scored, and only the first {rows} can be drawn.");
        var both = softCap is null && FusedTokenLogProbs.Fits(hidden, head) ? FusedTokenLogProbs.Apply(hidden, head, tokens, temperature, rows)
            : apply(hidden, head, tokens, temperature, softCap!, rows); // (2, M)
        return (both[0].MoveToOuterDisposeScope(), both[1].MoveToOuterDisposeScope());
    }

    // One tensor of two rows: with two outputs, the wrapper of a gradient that the loss does not give is never freed.
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (hidden, whole, tokens, temperature) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (double)vars[3]);
        var (softCap, drawn) = ((SoftCap?)vars[4], (long)vars[5]);
        ctx.save_for_backward([hidden, whole, tokens]);
        ctx.save_data(nameof(temperature), temperature);
        ctx.save_data(nameof(softCap), softCap!);
        ctx.save_data(nameof(drawn), drawn);
        using var scope = NewDisposeScope();
        var head = whole.narrow(0, 0, drawn);
        var both = empty([2, hidden.shape[0]], ScalarType.Float32, hidden.device);
        foreach (var (start, count) in Chunks(hidden.shape[0], head.shape[0]))
        {
            using var chunk = NewDisposeScope();
            var logP = LogSoftmax(Logits(hidden.narrow(0, start, count), head, softCap), temperature); // (c, V)
            both[0].narrow(0, start, count).copy_(logP.gather(1, tokens.narrow(0, start, count).unsqueeze(1)).squeeze(1));
            both[1].narrow(0, start, count).copy_((logP.exp() * logP).sum(1).neg_());
        }
        return both.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var pass = new BackwardPass(ctx, grad_output);
        var (hidden, whole, tokens, gradient) = (pass.Saved[0], pass.Saved[1], pass.Saved[2], pass.Gradient);
        var (temperature, softCap, drawn) = ((double)ctx.get_data("temperature"), (SoftCap?)ctx.get_data("softCap"), (long)ctx.get_data("drawn"));
        var head = whole.narrow(0, 0, drawn);
        var usesEntropy = gradient[1].count_nonzero().item<long>() > 0; // mostly it is only a metric
        var hiddenGradient = empty_like(hidden);
        var headGradient = whole.requires_grad ? WeightGradient.Of(whole).narrow(0, 0, drawn) : null;
        foreach (var (start, count) in Chunks(hidden.shape[0], head.shape[0]))
        {
            using var chunk = NewDisposeScope();
            var rows = hidden.narrow(0, start, count);
            var z = Logits(rows, head, softCap);
            var slope = softCap?.Slope(z);
            var logP = LogSoftmax(z, temperature);
            var p = logP.exp();
            var dLogProb = gradient[0].narrow(0, start, count).unsqueeze(1);
            var dz = (p * dLogProb).neg_().scatter_add_(1, tokens.narrow(0, start, count).unsqueeze(1), dLogProb);
            if (usesEntropy)
            {
                var negativeEntropy = (p * logP).sum(1, keepdim: true);
                dz.sub_(p * (logP - negativeEntropy) * gradient[1].narrow(0, start, count).unsqueeze(1));
            }
            if (slope is not null) dz.mul_(slope);
            var typed = dz.div_(Scalars.Of(temperature)).to_type(head.dtype);
            hiddenGradient.narrow(0, start, count).copy_(typed.mm(head));
            headGradient?.addmm_(typed.t(), rows.to_type(head.dtype), 1, 1);
        }
        return pass.Give(hiddenGradient, null!, null!, null!, null!, null!);
    }

    private static Tensor Logits(Tensor hidden, Tensor head, SoftCap? softCap)
    {
        var z = new Linear(head, null).Apply(hidden);
        return softCap?.Apply(z) ?? z;
    }

    // Not log_softmax: its fp32 sum runs along the row and is off by 0.003 at a vocabulary of 700,000; sum() adds in a tree.
    private static Tensor LogSoftmax(Tensor logits, double temperature)
    {
        var z = logits.div_(Scalars.Of(temperature));
        z.sub_(z.amax([1], keepdim: true));
        return z.sub_(z.exp().sum(1, keepdim: true).log_());
    }

    internal static IEnumerable<(long Start, long Count)> Chunks(long rows, long vocabulary)
    {
        var size = Math.Max(1, ChunkElements / vocabulary);
        for (long start = 0; start < rows; start += size) yield return (start, Math.Min(size, rows - start));
    }
}

/// <summary>c · tanh(z / c), which keeps z between −c and c. With <paramref name="scale"/>, of scale · z.</summary>
/// <param name="cap">c, above 0.</param>
/// <param name="scale">Of z before.</param>
internal sealed class SoftCap(double cap, double scale = 1)
{
    public Tensor Apply(Tensor z) => z.mul(Scalars.Of(scale / cap)).tanh_().mul_(Scalars.Of(cap));

    /// <summary>The derivative by z, of what <see cref="Apply"/> gave.</summary>
    public Tensor Slope(Tensor capped) => (capped * Scalars.Of(1 / cap)).Squared().neg_().add_(Scalars.Of(1L), Scalars.Of(1L)).mul_(Scalars.Of(scale));
}
