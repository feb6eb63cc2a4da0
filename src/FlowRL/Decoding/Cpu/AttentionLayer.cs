using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>What attention is told of a layer. Pointers are borrowed.</summary>
internal sealed unsafe class AttentionLayer
{
    public required int Index { get; init; }

    public required AttentionRule Rule { get; init; }

    /// <summary>How heads turn; null where they do not.</summary>
    public RotaryRule? Rotary { get; init; }

    /// <summary>Over what queries and keys are normalised.</summary>
    public required QueryKeyNorm Norm { get; init; }

    /// <summary>(Dh) as a head lies, or (H Dh) where heads are normalised together; null where they are not.</summary>
    public float* QueryNorm { get; init; }

    public float* KeyNorm { get; init; }

    /// <summary>(H) scores of the heads' sinks; null where there are none.</summary>
    public float* Sinks { get; init; }
}

/// <summary>Cosines and sines of every position for each way of turning that a model's layers have. Owns them.</summary>
internal sealed class RotaryTables : IDisposable
{
    private readonly Dictionary<RotaryRule, RotaryTable> _tables = [];

    /// <param name="config">Has the layers.</param>
    /// <param name="head">How heads lie.</param>
    /// <param name="positions">Of the longest sequence.</param>
    public RotaryTables(DecoderConfig config, HeadLayout head, int positions)
    {
        foreach (var rule in Rules(config).SelectMany(rule => new[] { rule.For(1), rule.For(int.MaxValue) }).Distinct())
        {
            _tables.Add(rule, new RotaryTable(rule, head, positions));
        }
    }

    /// <summary>The table of a rule for sequences that reach <paramref name="reach"/> tokens.</summary>
    public RotaryTable Of(RotaryRule rule, int reach) => _tables[rule.For(reach)];

    /// <summary>Whether sequences of two lengths turn in the same way.</summary>
    public static bool AreAlike(DecoderConfig config, int reach, int other) => Rules(config).All(rule => rule.For(reach) == rule.For(other));

    public void Dispose()
    {
        foreach (var table in _tables.Values) table.Dispose();
    }

    private static IEnumerable<RotaryRule> Rules(DecoderConfig config) =>
        Enumerable.Range(0, config.Layers).Select(config.RotaryOf).OfType<RotaryRule>().Distinct();
}

/// <summary>Cosines and sines of every position for one way of turning: half of what turns of each, and zeros up to whole registers. Owns its memory.</summary>
internal sealed unsafe class RotaryTable : IDisposable
{
    private readonly int _half;
    private readonly NativeBlock _cos;
    private readonly NativeBlock _sin;

    public RotaryTable(RotaryRule rule, HeadLayout head, int positions)
    {
        _half = head.Half;
        var (cos, sin) = RotaryEmbedding.Table(rule, positions);
        _cos = Copy(cos, rule.Width / 2);
        _sin = Copy(sin, rule.Width / 2);
    }

    public float* Cos(int position) => (float*)_cos.Data + (long)position * _half;

    public float* Sin(int position) => (float*)_sin.Data + (long)position * _half;

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }

    private NativeBlock Copy(float[] values, int width)
    {
        var block = new NativeBlock((long)values.Length / width * _half * sizeof(float));
        block.Clear();
        for (var row = 0; row * width < values.Length; row++)
        {
            values.AsSpan(row * width, width).CopyTo(new Span<float>((float*)block.Data + (long)row * _half, width));
        }
        return block;
    }
}
