using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>
/// Where numbers of a weight lie in a GGUF file: in which tensor, in which order, and changed how. Views of both are the same numbers in the same
/// order, so that one description serves for reading and for writing.
/// </summary>
/// <param name="Tensor">The tensor's name.</param>
/// <param name="Shape">What of the tensor belongs to the weight.</param>
internal sealed record GgufPlace(string Tensor, long[] Shape)
{
    /// <summary>Which of several weights that follow each other along a first dimension of the tensor; null where it holds no others.</summary>
    public int? Index { get; init; }

    /// <summary>How many weights follow each other, where there are several.</summary>
    public int Count { get; init; } = 1;

    /// <summary>A view of the weight: the numbers that lie here, in an order that <see cref="OfTensor"/> has too. Null for all of it as it is.</summary>
    public Func<Tensor, Tensor>? OfWeight { get; init; }

    /// <summary>A view of the tensor, or of this weight's part of it.</summary>
    public Func<Tensor, Tensor>? OfTensor { get; init; }

    /// <summary>Whether the views but move rows, so that those of LoRA's second matrix move in the same way.</summary>
    public bool MovesRowsAlone { get; init; }

    public GgufNumbers Numbers { get; init; }

    /// <summary>Whether it is written in float32 whatever type was asked for: readers expect it, or it is next to nothing.</summary>
    public bool IsExact { get; init; }

    /// <summary>The shape of the whole tensor.</summary>
    public long[] Whole => Index is null ? Shape : [Count, .. Shape];

    /// <summary>Whether the tensor is the weight, number by number.</summary>
    public bool IsPlain => Index is null && OfWeight is null && OfTensor is null;

    /// <summary>Numbers of a file as the model has them; changes the input.</summary>
    public Tensor Loaded(Tensor stored) => Numbers switch
    {
        GgufNumbers.OneAdded => stored.PlusInPlace(-1.0),
        GgufNumbers.NegativeExponentials => stored.neg_().log_(),
        _ => stored,
    };

    /// <summary>Numbers of the model as a file has them.</summary>
    public Tensor Stored(Tensor loaded) => Numbers switch
    {
        GgufNumbers.OneAdded => loaded.clone().PlusInPlace(1.0),
        GgufNumbers.NegativeExponentials => loaded.exp().neg_(),
        _ => loaded,
    };
}

/// <summary>What files have in place of a number.</summary>
internal enum GgufNumbers
{
    /// <summary>The same.</summary>
    Same,

    /// <summary>w + 1, for norms that multiply by it.</summary>
    OneAdded,

    /// <summary>−eʷ, for logarithms of decays.</summary>
    NegativeExponentials,
}
