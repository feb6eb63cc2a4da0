using FlowRL.Models;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>What experts need for up to as many tokens as a workspace has rows: a pair is a token and one of its experts. Owns its memory.</summary>
internal sealed unsafe class ExpertSpace : IDisposable
{
    private readonly NativeBlock _memory;
    private readonly Order[] _orders;

    /// <param name="shape">How many experts there are, and how many of them a token has.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="members">Threads of the team.</param>
    /// <param name="model">From one row of the model's width to the next.</param>
    /// <param name="panel">Outputs of a panel.</param>
    public ExpertSpace(ExpertShape shape, int rows, int members, int model, int panel)
    {
        int Padded(int width) => (width + panel - 1) / panel * panel;
        (Shape, ModelStride, HiddenStride, ScoreStride) = (shape, model, Padded(shape.Width), Padded(shape.Count));
        var pairs = (long)rows * shape.Chosen;
        long[] sizes = [(long)rows * ScoreStride, pairs * model, pairs * HiddenStride, pairs * model];
        _memory = new NativeBlock(sizes.Sum() * sizeof(float));
        _memory.Clear();
        Scores = (float*)_memory.Data;
        Inputs = Scores + sizes[0];
        Hidden = Inputs + sizes[1];
        Outputs = Hidden + sizes[2];
        (Chosen, Shares) = (new int[pairs], new float[pairs]);
        _orders = [.. Enumerable.Range(0, members).Select(_ => new Order(new int[shape.Count + 1], new int[pairs]))];
    }

    public ExpertShape Shape { get; }

    public int ModelStride { get; }

    public int HiddenStride { get; }

    public int ScoreStride { get; }

    /// <summary>(rows, E) what the router gives.</summary>
    public float* Scores { get; }

    /// <summary>(pairs, D) tokens by expert.</summary>
    public float* Inputs { get; }

    /// <summary>(pairs, F).</summary>
    public float* Hidden { get; }

    /// <summary>(pairs, D).</summary>
    public float* Outputs { get; }

    /// <summary>(rows, K) the experts of each token, ascending.</summary>
    public int[] Chosen { get; }

    /// <summary>(rows, K) what their outputs are multiplied by.</summary>
    public float[] Shares { get; }

    /// <summary>Where the pairs of the first <paramref name="rows"/> tokens lie when they are ordered by expert; each member finds it by itself.</summary>
    public Order Ordered(int rank, int rows)
    {
        var order = _orders[rank];
        var chosen = Chosen.AsSpan(0, rows * Shape.Chosen);
        Array.Clear(order.First);
        foreach (var expert in chosen) order.First[expert + 1]++;
        for (var expert = 0; expert < Shape.Count; expert++) order.First[expert + 1] += order.First[expert];
        Span<int> next = stackalloc int[Shape.Count];
        order.First.AsSpan(0, Shape.Count).CopyTo(next);
        for (var pair = 0; pair < chosen.Length; pair++) order.Place[pair] = next[chosen[pair]]++;
        return order;
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>Pairs by expert.</summary>
    /// <param name="First">Of each expert, and the end.</param>
    /// <param name="Place">Of each pair.</param>
    internal sealed record Order(int[] First, int[] Place);
}
