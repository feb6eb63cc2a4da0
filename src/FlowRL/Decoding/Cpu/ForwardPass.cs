using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Numerics.Threads;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// The forward pass of a block of tokens, written once for a whole team: members divide the panels of the products and the heads of
/// attention, and meet where one needs what another computed. H heads, Hkv key-value heads, Dh head width.
/// </summary>
internal sealed unsafe class ForwardPass<S, V, W, C>(DecoderConfig config, PackedDecoder<S, V, W> weights, AttentionPass<S, V, C> attention)
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
    where C : struct, IStorage
{
    private readonly float _embeddingScale = (float)config.EmbeddingScale;

    /// <summary>One member's part of computing <paramref name="places"/>, at most as many as the workspace has rows.</summary>
    public void Run(ReadOnlySpan<TokenPlace> places, Workspace space, Team team, int rank, LogitsReader read)
    {
        var sight = new BlockSight(places);
        var (first, last) = team.Share(places.Length, rank);
        for (var row = first; row < last; row++) Embed(places[row].Token, space.Stream + (long)row * space.Strides.Model);
        team.Meet();
        for (var layer = 0; layer < weights.Layers.Length; layer++)
        {
            Attention(layer, places, sight, space, team, rank);
            var following = layer + 1 < weights.Layers.Length ? weights.Layers[layer + 1].QueryKeyValue : weights.Head;
            FeedForward(weights.Layers[layer], following, places.Length, space, team, rank);
        }
        Logits(places, space, team, rank, read);
    }

    private void Embed(int token, float* target)
    {
        weights.Embedding.Copy(token, target);
        if (_embeddingScale == 1) return;
        for (var i = 0; i < config.Width; i++) target[i] *= _embeddingScale;
    }

    private void Attention(int index, ReadOnlySpan<TokenPlace> places, BlockSight sight, Workspace space, Team team, int rank)
    {
        var (layer, strides) = (weights.Layers[index], space.Strides);
        Normalize(space, places.Length, layer.InputNorm, rank);
        Product<Assign<S, V>>(space.Normed(rank), strides.Model, places.Length, layer.QueryKeyValue, layer.Output,
            space.QueryKeyValue, strides.QueryKeyValue, space, team, rank);
        team.Meet();
        var items = team.Share(places.Length * config.KeyValueHeads, rank);
        attention.Append(layer.Attention, items, places, sight, space);
        team.Meet();
        attention.Attend(layer.Attention, items, places, sight, space, rank);
        team.Meet();
        Product<AddTo<S, V>>(space.Attended, strides.Attended, places.Length, layer.Output, layer.GateUp,
            space.Stream, strides.Model, space, team, rank);
        team.Meet();
    }

    private void FeedForward(PackedDecoder<S, V, W>.Layer layer, PackedMatrix<S, V, W> following, int rows, Workspace space, Team team, int rank)
    {
        var strides = space.Strides;
        Normalize(space, rows, layer.PostNorm, rank);
        Product<Gated<S, V>>(space.Normed(rank), strides.Model, rows, layer.GateUp, layer.Down, space.Hidden, strides.Hidden, space, team, rank);
        team.Meet();
        Product<AddTo<S, V>>(space.Hidden, strides.Hidden, rows, layer.Down, following, space.Stream, strides.Model, space, team, rank);
        team.Meet();
    }

    private void Logits(ReadOnlySpan<TokenPlace> places, Workspace space, Team team, int rank, LogitsReader read)
    {
        var rows = new List<int>();
        for (var row = 0; row < places.Length; row++) if (places[row].Readers > 0) rows.Add(row);
        foreach (var chunk in rows.Chunk(space.LogitRows))
        {
            for (var i = 0; i < chunk.Length; i++)
            {
                RowKernel<S, V>.Normalize(space.Stream + (long)chunk[i] * space.Strides.Model, weights.FinalNorm, config.NormEpsilon,
                    config.Width, space.Normed(rank) + (long)i * space.Strides.Model);
            }
            Product<Assign<S, V>>(space.Normed(rank), space.Strides.Model, chunk.Length, weights.Head, weights.Layers[0].QueryKeyValue,
                space.Logits, space.Strides.Vocabulary, space, team, rank);
            team.Meet();
            var (first, last) = team.Share(chunk.Length, rank);
            for (var i = first; i < last; i++)
            {
                var logits = new ReadOnlySpan<float>(space.Logits + (long)i * space.Strides.Vocabulary, config.DrawnTokens);
                var place = places[chunk[i]];
                for (var reader = 0; reader < place.Readers; reader++) read(place.FirstReader + reader, logits);
            }
            team.Meet();
        }
    }

    private void Normalize(Workspace space, int rows, float* norm, int rank)
    {
        for (var row = 0; row < rows; row++)
        {
            var offset = (long)row * space.Strides.Model;
            RowKernel<S, V>.Normalize(space.Stream + offset, norm, config.NormEpsilon, config.Width, space.Normed(rank) + offset);
        }
    }

    /// <summary>Takes panels until none is left; at the end the first panel of <paramref name="following"/> is asked for.</summary>
    private static void Product<E>(float* input, int inputStride, int rows, PackedMatrix<S, V, W> matrix, PackedMatrix<S, V, W> following,
        float* output, int outputStride, Workspace space, Team team, int rank)
        where E : struct, IEpilogue<S, V>
    {
        for (var panel = rank; panel < matrix.Panels;)
        {
            var after = team.Claim();
            var next = after < matrix.Panels ? matrix.Panel(after) : following.Panel(rank);
            MatrixProduct<S, V, W>.Panel<E>(input, inputStride, rows, matrix, panel, next, output, outputStride, space.Partial(rank));
            panel = after;
        }
    }
}
