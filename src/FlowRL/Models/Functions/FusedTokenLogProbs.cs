using FlowRL.Numerics;
using FlowRL.Numerics.Products;
using static TorchSharp.torch;

namespace FlowRL.Models.Functions;

/// <summary>
/// <see cref="TokenLogProbs"/> on the CPU: the logits of a chunk are made once each way, and what is computed of them takes one or two passes over them,
/// in their place. Where the logits of all rows are no more than a few of the layers' activations, they are kept instead of being made again.
/// </summary>
internal sealed unsafe class FusedTokenLogProbs : autograd.SingleTensorFunction<FusedTokenLogProbs>
{
    // 512 MB of fp32 logits.
    private const long KeptElements = 128L << 20;

    public override string Name => nameof(FusedTokenLogProbs);

    /// <summary>Whether this applies: else the tensor operations do.</summary>
    public static bool Fits(Tensor hidden, Tensor head) => TensorMemory.IsReachable(hidden) && TensorMemory.IsReachable(head);

    /// <summary>See <see cref="TokenLogProbs.Compute"/>.</summary>
    /// <returns>(2, M): log-probabilities, then entropies.</returns>
    public static Tensor Apply(Tensor hidden, Tensor head, Tensor tokens, double temperature, long drawn) =>
        apply(hidden, head, tokens, temperature, drawn, is_grad_enabled() && hidden.shape[0] * drawn <= KeptElements);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (hidden, whole, tokens, temperature, drawn, keeps) =
            ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (double)vars[3], (long)vars[4], (bool)vars[5]);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var head = whole.narrow(0, 0, drawn);
        var summaries = empty(hidden.shape[0], LogitRows.SummaryNumbers);
        Tensor? kept = null;
        foreach (var (start, count) in keeps ? [(0, hidden.shape[0])] : TokenLogProbs.Chunks(hidden.shape[0], head.shape[0]))
        {
            using var chunk = NewDisposeScope();
            var z = LinearProducts.Forward(hidden.narrow(0, start, count), head, null); // (c, V)
            LogitRows.Summarise(TensorMemory.Floats(z), (int)count, (int)head.shape[0], Tokens(tokens, start), temperature, Summaries(summaries, start));
            if (keeps) kept = z.MoveToOuterDisposeScope();
        }
        Tensor[] made = kept is null ? [summaries] : [summaries, kept];
        ctx.save_for_backward([hidden, whole, tokens, .. made.Select(tensor => tensor.MoveToOuterDisposeScope())]);
        ctx.save_data(nameof(temperature), temperature);
        ctx.save_data(nameof(drawn), drawn);
        ctx.save_data("spent", false);
        return summaries.narrow(1, 2, 2).t().contiguous().MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var pass = new BackwardPass(ctx, grad_output);
        var saved = pass.Saved;
        var (hidden, whole, tokens, summaries) = (saved[0], saved[1], saved[2], saved[3]);
        var (kept, temperature) = (saved.Count > 4 ? saved[4] : null, (double)ctx.get_data("temperature"));
        if ((bool)ctx.get_data("spent")) throw new InvalidOperationException("The logits were overwritten by the first backward pass: there is one only.");
        ctx.save_data("spent", true);
        var head = whole.narrow(0, 0, (long)ctx.get_data("drawn"));
        var gradient = pass.Gradient;
        float* dLogProb = TensorMemory.Floats(gradient), dEntropy = dLogProb + hidden.shape[0];
        var hiddenGradient = kept is null ? empty_like(hidden) : null;
        var headGradient = whole.requires_grad ? WeightGradient.Of(whole).narrow(0, 0, head.shape[0]) : null;
        foreach (var (start, count) in kept is not null ? [(0, hidden.shape[0])] : TokenLogProbs.Chunks(hidden.shape[0], head.shape[0]))
        {
            using var chunk = NewDisposeScope();
            var rows = hidden.narrow(0, start, count);
            var dz = kept ?? LinearProducts.Forward(rows, head, null); // logits, until they are overwritten
            LogitRows.Differentiate(TensorMemory.Floats(dz), (int)count, (int)head.shape[0], Tokens(tokens, start), temperature,
                Summaries(summaries, start), dLogProb + start, dEntropy + start);
            var dx = LinearProducts.InputGradient(dz, head);
            if (hiddenGradient is null) hiddenGradient = dx.MoveToOuterDisposeScope();
            else hiddenGradient.narrow(0, start, count).copy_(dx);
            if (headGradient is not null) LinearProducts.AddWeightGradient(dz, rows, headGradient);
        }
        return pass.Give(hiddenGradient!, null!, null!, null!, null!, null!);
    }

    private static long* Tokens(Tensor tokens, long start) => (long*)TensorMemory.Pointer(tokens) + start;

    private static float* Summaries(Tensor summaries, long start) => TensorMemory.Floats(summaries) + start * LogitRows.SummaryNumbers;
}
