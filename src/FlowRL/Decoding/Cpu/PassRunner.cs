using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Numerics.Products;
using FlowRL.Numerics.Threads;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Computes any number of tokens with all threads. With many rows each thread takes some of them through the whole model and never
/// waits for another; with few, or with more weights than a cache holds, all threads share every matrix, so that each weight is read
/// once. Owns threads, packed weights and working memory.
/// </summary>
internal sealed class PassRunner<S, V, W, C> : IDisposable
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
    where C : struct, IStorage
{
    // A block of this many rows reads the weights once; more would push the activations out of the core's own cache.
    private const int BlockRows = 256;

    // Logits of a block take 16 MB at most.
    private const int LogitNumbers = 4 << 20;

    private const int FewRows = 8; // a thread
    private const long CachedWeights = 64L << 20;

    private readonly Crew _crew;
    private readonly PackedDecoder<S, V, W> _weights;
    private readonly RotaryTables _rotary;
    private readonly ForwardPass<S, V, W, C> _pass;
    private readonly Workspace _shared;
    private readonly Workspace[] _single = [];

    /// <param name="model">Its weights are packed now; norms and embeddings stay borrowed.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="rows">Tokens computed at once, most of the time.</param>
    /// <param name="context">Tokens of the longest sequence.</param>
    public PassRunner(Decoder model, int threads, int rows, int context)
    {
        _crew = new Crew(threads);
        _weights = new PackedDecoder<S, V, W>(model);
        var head = HeadLayout.Of(model.Config, S.Lanes);
        _rotary = new RotaryTables(model.Config, head, context);
        _pass = new ForwardPass<S, V, W, C>(model.Config, _weights, new AttentionPass<S, V, C>(model.Config, head, _rotary));
        rows = Math.Min(BlockRows, rows);
        var strides = Strides(model.Config, head);
        var queries = model.Config.Heads / model.Config.KeyValueHeads;
        Workspace Space(int members) => new(rows, Math.Clamp(LogitNumbers / strides.Vocabulary, 8, rows + 7), members, strides,
            PackedMatrix<S, V, W>.Width, new Workspace.Sizes(queries, context, head.Padded), model.Config.Experts);
        _shared = Space(threads);
        if (_weights.Bytes <= CachedWeights) _single = [.. Enumerable.Range(0, threads).Select(_ => Space(1))];
    }

    public long PackedBytes => _weights.Bytes;

    /// <summary>Computes tokens in order: each sees the keys of those before it in its own sequence.</summary>
    public void Run(TokenPlace[] places, LogitsReader read)
    {
        if (_single.Length > 0 && places.Length >= FewRows * _crew.Size)
        {
            _crew.Run(rank => Blocks(places, Boundary(places, rank), Boundary(places, rank + 1), _single[rank], new Team(1), 0, read));
            return;
        }
        var team = new Team(_crew.Size);
        _crew.Run(rank => Blocks(places, 0, places.Length, _shared, team, rank, read));
    }

    public void Dispose()
    {
        _crew.Dispose();
        _weights.Dispose();
        _rotary.Dispose();
        _shared.Dispose();
        foreach (var space in _single) space.Dispose();
    }

    /// <summary>Where the share of a thread begins; a run of tokens of one sequence stays whole, because they see each other.</summary>
    private int Boundary(TokenPlace[] places, int rank)
    {
        var at = (int)((long)places.Length * rank / _crew.Size);
        while (at > 0 && at < places.Length && ReferenceEquals(places[at].Cache, places[at - 1].Cache)) at++;
        return at;
    }

    private void Blocks(TokenPlace[] places, int first, int last, Workspace space, Team team, int rank, LogitsReader read)
    {
        try
        {
            for (var at = first; at < last; at += space.Rows)
            {
                _pass.Run(places.AsSpan(at, Math.Min(space.Rows, last - at)), space, team, rank, read);
            }
        }
        catch
        {
            team.Break();
            throw;
        }
    }

    private static Workspace.Widths Strides(DecoderConfig config, HeadLayout head)
    {
        var panel = PackedMatrix<S, V, W>.Width;
        int Padded(int width) => (width + panel - 1) / panel * panel;
        var hasBranch = config.Norms != NormPlacement.Before || config.ResidualScale != 1 || config.Experts is not null;
        return new Workspace.Widths(Padded(config.Width), hasBranch ? Padded(config.Width) : 0, Padded((config.Heads + 2 * config.KeyValueHeads) * head.Padded),
            Padded(config.Heads * config.HeadWidth), Padded(config.FeedForwardWidth), Padded(config.DrawnTokens));
    }
}
