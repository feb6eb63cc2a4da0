using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Activations of up to <see cref="Rows"/> tokens on their way through the layers. A team shares one; what a member needs for itself
/// is there once a member. Owns its memory.
/// </summary>
internal sealed unsafe class Workspace : IDisposable
{
    private readonly NativeBlock _memory;
    private readonly long _normed, _partial, _scores; // numbers a member
    private readonly float* _normedAll, _partialAll, _scoresAll;

    /// <param name="rows">Tokens.</param>
    /// <param name="logitRows">Tokens whose logits are held at once.</param>
    /// <param name="members">Threads of the team.</param>
    /// <param name="widths">Numbers a row in each buffer, padded to whole panels.</param>
    /// <param name="panel">Outputs of a panel.</param>
    /// <param name="context">Tokens that one query sees at most.</param>
    public Workspace(int rows, int logitRows, int members, Widths widths, int panel, int context)
    {
        (Rows, LogitRows, Strides) = (rows, logitRows, widths);
        (_normed, _partial, _scores) = ((long)rows * widths.Model, (long)rows * panel, (context + 2 * panel) / 16 * 16);
        long[] sizes =
        [
            (long)rows * widths.Model, (long)rows * widths.QueryKeyValue, (long)rows * widths.Attended, (long)rows * widths.Hidden,
            (long)logitRows * widths.Vocabulary, members * _normed, members * _partial, members * _scores,
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
    }

    public int Rows { get; }

    public int LogitRows { get; }

    public Widths Strides { get; }

    public long Bytes => _memory.Bytes;

    /// <summary>(rows, D) the residual stream.</summary>
    public float* Stream { get; }

    /// <summary>(rows, (H + 2 Hkv) · Dh).</summary>
    public float* QueryKeyValue { get; }

    /// <summary>(rows, H · Dh).</summary>
    public float* Attended { get; }

    /// <summary>(rows, F) of the feed-forward block.</summary>
    public float* Hidden { get; }

    /// <summary>(logit rows, V).</summary>
    public float* Logits { get; }

    /// <summary>(rows, D) normalised, one a member: each needs all columns, and computing them again is cheaper than waiting.</summary>
    public float* Normed(int rank) => _normedAll + rank * _normed;

    /// <summary>(rows, panel) unfinished sums.</summary>
    public float* Partial(int rank) => _partialAll + rank * _partial;

    /// <summary>(context) attention scores of one query.</summary>
    public float* Scores(int rank) => _scoresAll + rank * _scores;

    public void Dispose() => _memory.Dispose();

    /// <summary>Numbers from one row to the next.</summary>
    internal readonly record struct Widths(int Model, int QueryKeyValue, int Attended, int Hidden, int Vocabulary);
}
