using FlowRL.Models.Functions;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Layers;

/// <summary>Rows of the embedding, whose gradients are added where they belong; nothing of the vocabulary's size is made.</summary>
internal sealed class TokenEmbedding : autograd.SingleTensorFunction<TokenEmbedding>
{
    public override string Name => nameof(TokenEmbedding);

    /// <param name="embedding">(V, D).</param>
    /// <param name="ids">(N) int64.</param>
    /// <returns>(N, D) fp32.</returns>
    public static Tensor Apply(Tensor embedding, Tensor ids) => apply(embedding, ids);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (embedding, ids) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([embedding, ids]);
        using var scope = NewDisposeScope();
        return embedding.index_select(0, ids).to_type(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var pass = new BackwardPass(ctx, grad_output);
        RowSums.Add(WeightGradient.Of(pass.Saved[0]), pass.Saved[1], pass.Gradient);
        return [null!, null!];
    }
}
