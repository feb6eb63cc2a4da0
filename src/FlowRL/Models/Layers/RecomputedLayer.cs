using FlowRL.Models.Attention;
using FlowRL.Models.Functions;
using static TorchSharp.torch;

namespace FlowRL.Models.Layers;

/// <summary>
/// A layer of which backward keeps only the input and computes the rest again (gradient checkpointing, arXiv 1604.06174): activations
/// shrink from some twenty numbers a token and width to one, for one more forward pass.
/// </summary>
internal sealed class RecomputedLayer : autograd.SingleTensorFunction<RecomputedLayer>
{
    public override string Name => nameof(RecomputedLayer);

    /// <param name="layer">Its weights get their gradients in backward.</param>
    /// <param name="x">(N, D).</param>
    /// <param name="rotation">As <see cref="DecoderLayer.Apply"/> takes it; must live until backward is done.</param>
    /// <param name="attention">Must live until backward is done.</param>
    public static Tensor Apply(DecoderLayer layer, Tensor x, (Tensor Cos, Tensor Sin)? rotation, IAttention attention)
    {
        // Weights are no inputs of the function: something must require gradient even where x, from a frozen embedding, does not.
        using var anchor = zeros(1, device: x.device).requires_grad_(true);
        return apply(x, anchor, rotation?.Cos!, rotation?.Sin!, layer, attention);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, cos, sin) = ((Tensor)vars[0], (Tensor?)vars[2], (Tensor?)vars[3]);
        var (layer, attention) = ((DecoderLayer)vars[4], (IAttention)vars[5]);
        ctx.save_for_backward(cos is null ? [x] : [x, cos, sin!]);
        ctx.save_data(nameof(layer), layer);
        ctx.save_data(nameof(attention), attention);
        using var _ = no_grad();
        return layer.Apply(x, cos is null ? null : (cos, sin!), attention);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var pass = new BackwardPass(ctx, grad_output);
        var saved = pass.Saved;
        var (layer, attention) = ((DecoderLayer)ctx.get_data("layer"), (IAttention)ctx.get_data("attention"));
        using var _ = enable_grad();
        var x = saved[0].detach().requires_grad_(true);
        layer.Apply(x, saved.Count > 1 ? (saved[1], saved[2]) : null, attention).backward([pass.Gradient]);
        return pass.Give(x.grad!, null!, null!, null!, null!, null!);
    }
}
