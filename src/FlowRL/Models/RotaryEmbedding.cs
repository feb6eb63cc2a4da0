using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// Rotary position embedding (arXiv 2104.09864) in the half-split layout of Hugging Face checkpoints, with the scalings that configs
/// of these families carry. Cosines and sines are computed once in double precision.
/// </summary>
internal sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor _cos; // (context, 1, Dh/2)
    private readonly Tensor _sin;

    public RotaryEmbedding(DecoderConfig config, Device device)
    {
        var (cos, sin) = Table(config, config.ContextLength);
        _cos = tensor(cos, [config.ContextLength, 1, config.HeadWidth / 2], device: device).DetachFromDisposeScope();
        _sin = tensor(sin, [config.ContextLength, 1, config.HeadWidth / 2], device: device).DetachFromDisposeScope();
    }

    /// <summary>Cosines and sines (positions, Dh/2) of the first positions.</summary>
    public static (float[] Cos, float[] Sin) Table(DecoderConfig config, int positions)
    {
        var half = config.HeadWidth / 2;
        var frequencies = Frequencies(config);
        var factor = config.RopeScaling is RopeScaling.Yarn yarn ? yarn.AttentionFactor : 1;
        var cos = new float[positions * half];
        var sin = new float[cos.Length];
        for (var position = 0; position < positions; position++)
        {
            for (var i = 0; i < half; i++)
            {
                var angle = position * frequencies[i];
                cos[position * half + i] = (float)(Math.Cos(angle) * factor);
                sin[position * half + i] = (float)(Math.Sin(angle) * factor);
            }
        }
        return (cos, sin);
    }

    /// <summary>The rotation of each token: cosines and sines, (N, 1, Dh/2).</summary>
    public (Tensor Cos, Tensor Sin) At(Tensor positions) => (_cos.index_select(0, positions), _sin.index_select(0, positions));

    /// <summary>Rotates (N, H, Dh): the pair (i, i + Dh/2) of each head turns by position × frequency i.</summary>
    public static Tensor Rotate(Tensor x, (Tensor Cos, Tensor Sin) rotation)
    {
        if (FusedRotation.Fits(x)) return FusedRotation.Apply(x, rotation);
        using var scope = NewDisposeScope();
        var halves = x.chunk(2, -1);
        var (a, b) = (halves[0], halves[1]);
        return cat([a * rotation.Cos - b * rotation.Sin, (b * rotation.Cos).Plus(a * rotation.Sin)], -1).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }

    /// <summary>Radians a position, for each of the Dh/2 pairs.</summary>
    internal static double[] Frequencies(DecoderConfig config)
    {
        var width = config.HeadWidth;
        double[] Base(double theta) => [.. Enumerable.Range(0, width / 2).Select(i => Math.Pow(theta, -2.0 * i / width))];
        var plain = Base(config.RopeTheta);
        return config.RopeScaling switch
        {
            RopeScaling.Linear linear => [.. plain.Select(f => f / linear.Factor)],
            // Within the trained context, which is all that we allow, the dynamic scaling leaves the base as it is.
            RopeScaling.Unscaled or RopeScaling.Dynamic => plain,
            RopeScaling.Llama3 llama => [.. plain.Select(f => Llama3(f, llama))],
            RopeScaling.Yarn yarn => Yarn(plain, config, yarn),
            _ => throw new ArgumentException($"Nothing here computes the rotary scaling {config.RopeScaling}.", nameof(config)),
        };
    }

    private static double Llama3(double frequency, RopeScaling.Llama3 scaling)
    {
        var wavelength = 2 * Math.PI / frequency;
        var longest = scaling.OriginalContextLength / scaling.LowFrequencyFactor;
        var shortest = scaling.OriginalContextLength / scaling.HighFrequencyFactor;
        if (wavelength < shortest) return frequency;
        if (wavelength > longest) return frequency / scaling.Factor;
        var smooth = (scaling.OriginalContextLength / wavelength - scaling.LowFrequencyFactor) /
            (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return (1 - smooth) * frequency / scaling.Factor + smooth * frequency;
    }

    private static double[] Yarn(double[] plain, DecoderConfig config, RopeScaling.Yarn scaling)
    {
        // The dimension whose wavelength turns a given number of times within the original context (arXiv 2309.00071, section 3.2).
        double Dimension(double turns) => config.HeadWidth * Math.Log(scaling.OriginalContextLength / (turns * 2 * Math.PI)) /
            (2 * Math.Log(config.RopeTheta));
        var low = Math.Max(Math.Floor(Dimension(scaling.BetaFast)), 0);
        var high = Math.Min(Math.Ceiling(Dimension(scaling.BetaSlow)), config.HeadWidth - 1);
        if (high <= low) high = low + 0.001;
        return [.. plain.Select((frequency, i) =>
        {
            var interpolate = Math.Clamp((i - low) / (high - low), 0, 1);
            return interpolate * frequency / scaling.Factor + (1 - interpolate) * frequency;
        })];
    }
}

/// <summary>How rotary frequencies are changed to reach longer contexts; the variants that configs of these families carry.</summary>
public abstract record RopeScaling
{
    private RopeScaling() { }

    public static RopeScaling None { get; } = new Unscaled();

    public sealed record Unscaled : RopeScaling;

    /// <summary>Positions divided by a factor (arXiv 2306.15595).</summary>
    public sealed record Linear(double Factor) : RopeScaling;

    /// <summary>The base grows with the length beyond the original context ("NTK-aware", as in transformers' <c>dynamic</c>).</summary>
    public sealed record Dynamic(double Factor) : RopeScaling;

    /// <summary>Llama 3.1: low frequencies divided, high ones kept, a smooth passage between.</summary>
    public sealed record Llama3(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContextLength) : RopeScaling;

    /// <summary>YaRN (arXiv 2309.00071). <paramref name="AttentionFactor"/> multiplies the rotation's cosine and sine.</summary>
    public sealed record Yarn(double Factor, double BetaFast, double BetaSlow, double AttentionFactor, int OriginalContextLength) : RopeScaling;
}
