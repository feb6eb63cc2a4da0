using FlowRL.Models.Attention;
using FlowRL.Models.Functions;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// Rotary position embedding (arXiv 2104.09864) in the half-split layout of Hugging Face checkpoints, with the scalings that configs
/// of these families carry. Cosines and sines are computed once in double precision.
/// </summary>
/// <remarks>N tokens, H heads, Dh head width, Dr numbers of a head that turn.</remarks>
internal sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor _cos; // (context, 1, Dr/2)
    private readonly Tensor _sin;

    public RotaryEmbedding(RotaryRule rule, int context, Device device)
    {
        var (cos, sin) = Table(rule, context);
        _cos = tensor(cos, [context, 1, rule.Width / 2], device: device).DetachFromDisposeScope();
        _sin = tensor(sin, [context, 1, rule.Width / 2], device: device).DetachFromDisposeScope();
    }

    /// <summary>Cosines and sines (positions, Dr/2) of the first positions.</summary>
    public static (float[] Cos, float[] Sin) Table(RotaryRule rule, int positions)
    {
        var half = rule.Width / 2;
        var frequencies = Frequencies(rule);
        var factor = rule.Scaling switch
        {
            RopeScaling.Yarn yarn => yarn.AttentionFactor,
            RopeScaling.Divided divided => divided.AttentionFactor,
            _ => 1,
        };
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

    /// <summary>The rotation of each token: cosines and sines, (N, 1, Dr/2).</summary>
    public (Tensor Cos, Tensor Sin) At(Tensor positions) => (_cos.index_select(0, positions), _sin.index_select(0, positions));

    /// <summary>Rotates (N, H, Dh): the pair (i, i + Dr/2) of each head turns by position × frequency i, and what is behind Dr stays.</summary>
    public static Tensor Rotate(Tensor x, (Tensor Cos, Tensor Sin) rotation) =>
        FusedRotation.Fits(x) ? FusedRotation.Apply(x, rotation) : RotatePlainly(x, rotation);

    internal static Tensor RotatePlainly(Tensor x, (Tensor Cos, Tensor Sin) rotation)
    {
        using var scope = NewDisposeScope();
        var half = rotation.Cos.shape[^1];
        var (a, b) = (x.narrow(-1, 0, half), x.narrow(-1, half, half));
        var rest = x.narrow(-1, 2 * half, x.shape[^1] - 2 * half); // empty where the whole head turns
        return cat([a * rotation.Cos - b * rotation.Sin, (b * rotation.Cos).Plus(a * rotation.Sin), rest], -1).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }

    /// <summary>Radians a position, for each of the Dr/2 pairs.</summary>
    internal static double[] Frequencies(RotaryRule rule)
    {
        var width = rule.Width;
        double[] Base(double theta) => [.. Enumerable.Range(0, width / 2).Select(i => Math.Pow(theta, -2.0 * i / width))];
        var plain = Base(rule.Theta);
        return rule.Scaling switch
        {
            RopeScaling.Linear linear => [.. plain.Select(f => f / linear.Factor)],
            // Within the trained context, which is all that we allow, the dynamic scaling leaves the base as it is.
            RopeScaling.Unscaled or RopeScaling.Dynamic => plain,
            RopeScaling.Llama3 llama => [.. plain.Select(f => Llama3(f, llama))],
            RopeScaling.Yarn yarn => Yarn(plain, rule, yarn),
            RopeScaling.Divided divided => [.. plain.Zip(divided.Divisors, (frequency, divisor) => frequency / divisor)],
            _ => throw new ArgumentException($"Nothing here computes the rotary scaling {rule.Scaling}.", nameof(rule)),
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

    private static double[] Yarn(double[] plain, RotaryRule rule, RopeScaling.Yarn scaling)
    {
        // The dimension whose wavelength turns a given number of times within the original context (arXiv 2309.00071, section 3.2).
        double Dimension(double turns) => rule.Width * Math.Log(scaling.OriginalContextLength / (turns * 2 * Math.PI)) /
            (2 * Math.Log(rule.Theta));
        var (first, last) = (Dimension(scaling.BetaFast), Dimension(scaling.BetaSlow));
        var low = Math.Max(scaling.Truncates ? Math.Floor(first) : first, 0);
        var high = Math.Min(scaling.Truncates ? Math.Ceiling(last) : last, rule.Width - 1);
        if (high <= low) high = low + 0.001;
        return [.. plain.Select((frequency, i) =>
        {
            var interpolate = Math.Clamp((i - low) / (high - low), 0, 1);
            return interpolate * frequency / scaling.Factor + (1 - interpolate) * frequency;
        })];
    }
}

/// <summary>The tables of a model's layers: one for each rule, two where a rule has a list of divisors for short and one for long sequences.</summary>
internal sealed class RotaryTables : IDisposable
{
    private readonly Dictionary<RotaryRule, (RotaryEmbedding Short, RotaryEmbedding Long)> _tables;

    public RotaryTables(IEnumerable<RotaryRule?> rules, int context, Device device) =>
        _tables = rules.OfType<RotaryRule>().Distinct().ToDictionary(rule => rule, rule =>
        {
            var table = new RotaryEmbedding(rule.For(1), context, device);
            return rule.For(context) == rule.For(1) ? (table, table) : (table, new RotaryEmbedding(rule.For(context), context, device));
        });

    /// <summary>The rotation of each token by each rule.</summary>
    /// <param name="attention">Has the positions, and how far each sequence reaches.</param>
    /// <param name="longest">How far all of them may reach; null for each by itself.</param>
    public Dictionary<RotaryRule, (Tensor Cos, Tensor Sin)> At(IAttention attention, int? longest) => _tables.ToDictionary(table => table.Key, table =>
    {
        var (rule, (forShort, forLong)) = (table.Key, table.Value);
        if (forShort == forLong || longest is not null)
            return (longest is { } length && rule.For(length) != rule.For(1) ? forLong : forShort).At(attention.Positions);
        var reach = attention.Reach ?? throw new InvalidOperationException("Which rotary divisors are meant is not known: set LongestSequence.");
        var original = ((RopeScaling.LongRope)rule.Scaling).OriginalContextLength;
        var isLong = (reach > Scalars.Of((long)original)).view(-1, 1, 1);
        var (one, other) = (forShort.At(attention.Positions), forLong.At(attention.Positions));
        return (where(isLong, other.Cos, one.Cos), where(isLong, other.Sin, one.Sin));
    });

    public void Dispose()
    {
        foreach (var (forShort, forLong) in _tables.Values)
        {
            forShort.Dispose();
            if (forLong != forShort) forLong.Dispose();
        }
    }
}
