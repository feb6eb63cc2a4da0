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
}
