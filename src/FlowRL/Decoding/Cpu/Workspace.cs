using FlowRL.Models;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Activations of up to <see cref="Rows"/> tokens on their way through the layers. A team shares one; what a member needs for itself
/// is there once a member. Owns its memory.
/// </summary>
internal sealed unsafe class Workspace : IDisposable
{
    private readonly NativeBlock _memory;
    private readonly long _normed, _partial, _scores, _gathered; // numbers a member
    private readonly float* _normedAll, _partialAll, _scoresAll, _gatheredAll;

    /// <param name="rows">Tokens.</param>
    /// <param name="logitRows">Tokens whose logits are held at once.</param>
    /// <param name="members">Threads of the team.</param>
    /// <param name="widths">Numbers a row in each buffer, padded to whole panels.</param>
    /// <param name="panel">Outputs of a panel.</param>
    /// <param name="heads">What attention needs for a row.</param>
    /// <param name="experts">Of a feed-forward block; null for none.</param>
    public Workspace(int rows, int logitRows, int members, Widths widths, int panel, Sizes heads, ExpertShape? experts)
    {
        (Rows, LogitRows, Strides, ScoreStride) = (rows, logitRows, widths, (heads.Context + 2 * panel) / 16 * 16);
        (_normed, _partial) = ((long)rows * widths.Model, (long)rows * panel);
        (_scores, _gathered) = ((long)heads.Queries * ScoreStride, (long)heads.Queries * heads.Width);
        long[] sizes =
        [
            (long)rows * widths.Model, (long)rows * widths.QueryKeyValue, (long)rows * widths.Attended, (long)rows * widths.Hidden,
            (long)logitRows * widths.Vocabulary, members * _normed, members * _partial, members * _scores,
            members * _gathered, (long)rows * widths.Branch,
        ];
        _memory = new NativeBlock(sizes.Sum(size => (size * sizeof(float) + 63) / 64 * 64));
        _memory.Clear(); // padding columns stay zero
        var next = _memory.Data;
        float* Take(long size)
        {
            var taken = next;
            next += (size * sizeof(float) + 63) / 64 * 64;
            return (float*)taken;
        }
        Stream = Take(sizes[0]);
        QueryKeyValue = Take(sizes[1]);
        Attended = Take(sizes[2]);
        Hidden = Take(sizes[3]);
        Logits = Take(sizes[4]);
        _normedAll = Take(sizes[5]);
        _partialAll = Take(sizes[6]);
        _scoresAll = Take(sizes[7]);
        _gatheredAll = Take(sizes[8]);
        Branch = Take(sizes[9]);
        if (experts is not null) Experts = new ExpertSpace(experts, rows, members, widths.Model, panel);
    }

    public int Rows { get; }

    public int LogitRows { get; }

    public Widths Strides { get; }

    public long Bytes => _memory.Bytes;

    /// <summary>(rows, D) the residual stream.</summary>
    public float* Stream { get; }

    /// <summary>(rows, (H + 2 Hkv) · Dh), heads with their zeros.</summary>
    public float* QueryKeyValue { get; }

    /// <summary>(rows, H · Dh).</summary>
    public float* Attended { get; }

    /// <summary>(rows, F) of the feed-forward block.</summary>
    public float* Hidden { get; }

    /// <summary>(logit rows, V).</summary>
    public float* Logits { get; }

    /// <summary>(rows, D) what is normalised or scaled before it joins the residual stream; null where nothing is.</summary>
    public float* Branch { get; }

    /// <summary>What experts need; null where there are none.</summary>
    public ExpertSpace? Experts { get; }

    /// <summary>(rows, D) normalised, one a member: each needs all columns, and computing them again is cheaper than waiting.</summary>
    public float* Normed(int rank) => _normedAll + rank * _normed;

    /// <summary>(rows, panel) unfinished sums.</summary>
    public float* Partial(int rank) => _partialAll + rank * _partial;

    /// <summary>From one query's scores to the next's.</summary>
    public int ScoreStride { get; }

    /// <summary>(queries, <see cref="ScoreStride"/>) scores of the queries that share a key head.</summary>
    public float* Scores(int rank) => _scoresAll + rank * _scores;

    /// <summary>(queries, head) what they gather, each head with its zeros.</summary>
    public float* Gathered(int rank) => _gatheredAll + rank * _gathered;

    public void Dispose()
    {
        _memory.Dispose();
        Experts?.Dispose();
    }

    /// <summary>Numbers from one row to the next.</summary>
    internal readonly record struct Widths(int Model, int Branch, int QueryKeyValue, int Attended, int Hidden, int Vocabulary);

    /// <summary>What attention needs for a row.</summary>
    /// <param name="Queries">Query heads that share a key head.</param>
    /// <param name="Context">Tokens that one query sees at most.</param>
    /// <param name="Width">Numbers of a head with its zeros.</param>
    internal readonly record struct Sizes(int Queries, int Context, int Width);
}
