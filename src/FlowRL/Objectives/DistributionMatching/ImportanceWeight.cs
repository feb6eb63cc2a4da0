using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>
/// w, which corrects for responses that an earlier policy sampled. Computed in logs: w = exp(clip(ℓ, LogLow, LogHigh)) with ℓ the sum
/// over tokens of log π_θ − log π_old, or its mean. ℓ never leaves ±20 (w between 2e-9 and 4.9e8), whatever the clip, so that neither w
/// nor w·δ² overflows in fp32.
/// </summary>
/// <param name="Level">Product over tokens, or its geometric mean.</param>
/// <param name="LogLow">Lower bound of ℓ, at least −20.</param>
/// <param name="LogHigh">Upper bound of ℓ, at most 20.</param>
internal sealed record ImportanceWeight(WeightLevel Level, double LogLow, double LogHigh)
{
    /// <summary>w = 1 for every response: no correction.</summary>
    public static ImportanceWeight Off { get; } = new(WeightLevel.Sequence, 0, 0);

    public static ImportanceWeight Of(WeightLevel level, WeightClip clip, double epsilonLow, double epsilonHigh, double cap)
    {
        var (low, high) = clip switch
        {
            WeightClip.TwoSided => (1 - epsilonLow, 1 + epsilonHigh),
            WeightClip.UpperBound => (0, cap),
            _ => (0, double.PositiveInfinity),
        };
        return new(level, Math.Max(Math.Log(low), -LogRatio.Largest), Math.Min(Math.Log(high), LogRatio.Largest));
    }

    /// <summary>(B) weights, without gradient, and (B) 1 where a bound changed the weight.</summary>
    public (Tensor Weight, Tensor Clipped) Evaluate(Tensor policyLogProbs, Tensor oldLogProbs, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var difference = policyLogProbs.detach() - oldLogProbs.detach(); // (B, T)
        var logRatio = Level == WeightLevel.Sequence ? Masked.Sum(difference, mask) : Masked.Mean(difference, mask); // (B)
        var clipped = this == Off ? zeros_like(logRatio) : ((logRatio < Scalars.Of(LogLow)) | (logRatio > Scalars.Of(LogHigh))).to(logRatio.dtype);
        return (logRatio.clamp(Scalars.Of(LogLow), Scalars.Of(LogHigh)).exp().MoveToOuterDisposeScope(), clipped.MoveToOuterDisposeScope());
    }
}

/// <summary>Where the importance weight is cut off.</summary>
public enum WeightClip
{
    /// <summary>To [1 − ε_low, 1 + ε_high].</summary>
    TwoSided,

    /// <summary>From above only, at the cap.</summary>
    UpperBound,

    /// <summary>Nowhere.</summary>
    None,
}

/// <summary>What ratio the importance weight is made of.</summary>
public enum WeightLevel
{
    /// <summary>π_θ(y|x)/π_old(y|x): the product over tokens, which is the exact correction.</summary>
    Sequence,

    /// <summary>The product's |y|-th root, the mean ratio a token: biased, but of bounded variance on long answers.</summary>
    GeometricMean,
}
