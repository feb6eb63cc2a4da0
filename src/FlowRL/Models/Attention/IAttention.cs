using FlowRL.Models.Layers;
using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>
/// Which tokens see which: all that differs between training, prefill and decoding. The layers call it and are otherwise the same
/// code, so sampler and trainer compute the same numbers.
/// </summary>
public interface IAttention
{
    /// <summary>(N) position of each token in its sequence, int64.</summary>
    Tensor Positions { get; }

    /// <summary>Softmax attention of one layer: q (N, H, Dh), k and v (N, Hkv, Dh), rotated, to (N, H·Dh).</summary>
    Tensor Attend(LayerAttention layer, Tensor q, Tensor k, Tensor v);

    /// <summary>(N) how many tokens each token's sequence has, or may grow to; null where nobody knows.</summary>
    internal Tensor? Reach => null;

    /// <summary>Counts how evenly experts are used, and makes training heed it; null where nobody asks.</summary>
    internal ExpertBalance? Balance => null;

    /// <summary>A convolution of each channel by itself over the last tokens: x (N, channels), taps (channels, L), the present token's last.</summary>
    internal Tensor Convolve(int layer, Tensor x, Tensor taps) => throw new NotSupportedException($"{GetType()} computes no convolutions.");

    /// <summary>The delta rule over each sequence: (N, H, dv).</summary>
    internal Tensor Recur(int layer, DeltaInputs inputs) => throw new NotSupportedException($"{GetType()} computes no delta rule.");
}
