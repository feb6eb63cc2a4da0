using FlowRL.Models.Attention;
using static TorchSharp.torch;

namespace FlowRL.Models.Layers;

/// <summary>
/// LFM2's mixing (arXiv 2511.23404): with B, C, z = thirds of in_proj(x), out_proj(C · conv(B · z)), a convolution over the last few tokens of each
/// channel by itself, without an activation.
/// </summary>
internal sealed class ShortConvolution(int index, ShortConvolutionLayout layout, LayerWeights weights) : IMixing
{
    private readonly Linear _input = weights.Product(layout.Input), _output = weights.Product(layout.Output);
    private readonly Tensor _taps = weights.Of(layout.Taps);

    public Tensor Apply(Tensor x, (Tensor Cos, Tensor Sin)? rotation, IAttention attention)
    {
        using var scope = NewDisposeScope();
        var thirds = _input.Apply(x).chunk(3, -1);
        var mixed = attention.Convolve(index, thirds[0] * thirds[2], _taps.squeeze(1).to_type(x.dtype));
        return _output.Apply(thirds[1] * mixed).MoveToOuterDisposeScope();
    }
}
