using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Numerics.Products;
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
    private readonly float _embeddingScale = (float)config.EmbeddingScale, _residualScale = (float)config.ResidualScale;
    private readonly float _logitScale = (float)(1 / config.LogitDivisor);

    /// <summary>One member's part of computing <paramref name="places"/>, at most as many as the workspace has rows.</summary>
    public void Run(ReadOnlySpan<TokenPlace> places, Workspace space, Team team, int rank, LogitsReader read)
    {
        var sight = new BlockSight(places);
        var (first, last) = team.Share(places.Length, rank);
        for (var row = first; row < last; row++) Embed(places[row].Token, space.Stream + (long)row * space.Strides.Model);
        team.Meet();
        for (var layer = 0; layer < weights.Layers.Length; layer++)
        {
            Attention(weights.Layers[layer], places, sight, space, team, rank);
            var following = layer + 1 < weights.Layers.Length ? weights.Layers[layer + 1].QueryKeyValue : weights.Head;
            FeedForward(weights.Layers[layer], following, places.Length, space, team, rank);
        }
        Logits(places, space, team, rank, read);
    }

    private void Embed(int token, float* target)
    {
        weights.Embedding.Copy(token, target);
        if (_embeddingScale != 1) RowKernel<S, V>.Scale(target, config.Width, _embeddingScale);
    }

    private void Attention(PackedLayer<S, V, W> layer, ReadOnlySpan<TokenPlace> places, BlockSight sight, Workspace space, Team team, int rank)
    {
        var (rows, strides) = (places.Length, space.Strides);
        Product<Assign<S, V>>(Normed(space, rows, layer.InputNorm, rank), strides.Model, rows, layer.QueryKeyValue, layer.Output,
            space.QueryKeyValue, strides.QueryKeyValue, space, team, rank);
        team.Meet();
        if (layer.Attention.Norm == QueryKeyNorm.AllHeads)
        {
            attention.NormalizeTogether(layer.Attention, team.Share(rows, rank), space);
            team.Meet();
        }
        var items = team.Share(rows * config.KeyValueHeads, rank);
        attention.Append(layer.Attention, items, places, sight, space);
        team.Meet();
        attention.Attend(layer.Attention, items, places, sight, space, rank);
        team.Meet();
        AddBranch(space.Attended, strides.Attended, rows, layer.Output, layer.AttentionOutputNorm, layer.AfterAttention, space, team, rank);
    }

    private void FeedForward(PackedLayer<S, V, W> layer, PackedMatrix<S, V, W> following, int rows, Workspace space, Team team, int rank)
    {
        var strides = space.Strides;
        var input = Normed(space, rows, layer.PostNorm, rank);
        if (layer.Router is not null)
        {
            ExpertPass<S, V, W>.Run(config.Gate, layer, input, rows, following, space, team, rank);
            Land(rows, layer.FeedForwardOutputNorm, space, team, rank);
            return;
        }
        var block = layer.FeedForward[0];
        TeamProduct<S, V, W>.RunGated(config.Gate, [new(input, rows, block.GateUp, space.Hidden)], (strides.Model, strides.Hidden), block.Down,
            space.Partial(rank), team, rank);
        team.Meet();
        AddBranch(space.Hidden, strides.Hidden, rows, block.Down, layer.FeedForwardOutputNorm, following, space, team, rank);
    }

    /// <summary>The last product of a branch, added to the residual stream as the family has it.</summary>
    private void AddBranch(float* input, int inputStride, int rows, PackedMatrix<S, V, W> matrix, float* norm, PackedMatrix<S, V, W> following,
        Workspace space, Team team, int rank)
    {
        var stride = space.Strides.Model;
        if (norm == null && _residualScale == 1)
        {
            Product<AddTo<S, V>>(input, inputStride, rows, matrix, following, space.Stream, stride, space, team, rank);
            team.Meet();
            return;
        }
        Product<Assign<S, V>>(input, inputStride, rows, matrix, following, space.Branch, stride, space, team, rank);
        team.Meet();
        Land(rows, norm, space, team, rank);
    }

    /// <summary>A member's share of the rows of a branch is normalised, scaled and added to the residual stream.</summary>
    private void Land(int rows, float* norm, Workspace space, Team team, int rank)
    {
        var (first, last) = team.Share(rows, rank);
        for (var row = first; row < last; row++)
        {
            var offset = (long)row * space.Strides.Model;
            var branch = space.Branch + offset;
            if (norm != null) RowKernel<S, V>.Normalize(branch, norm, config.NormEpsilon, config.Width, branch);
            RowKernel<S, V>.AddScaled(branch, _residualScale, config.Width, space.Stream + offset);
        }
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
                var logits = space.Logits + (long)i * space.Strides.Vocabulary;
                if (config.FinalSoftCap is { } cap) RowKernel<S, V>.Cap(logits, config.DrawnTokens, _logitScale, (float)cap);
                else if (_logitScale != 1) RowKernel<S, V>.Scale(logits, config.DrawnTokens, _logitScale);
                var place = places[chunk[i]];
                for (var reader = 0; reader < place.Readers; reader++) read(place.FirstReader + reader, new(logits, config.DrawnTokens));
            }
            team.Meet();
        }
    }

    /// <summary>Rows of the residual stream as a product reads them; where there is no norm, they themselves.</summary>
    private float* Normed(Workspace space, int rows, float* norm, int rank)
    {
        if (norm == null) return space.Stream;
        for (var row = 0; row < rows; row++)
        {
            var offset = (long)row * space.Strides.Model;
            RowKernel<S, V>.Normalize(space.Stream + offset, norm, config.NormEpsilon, config.Width, space.Normed(rank) + offset);
        }
        return space.Normed(rank);
    }

    private static void Product<E>(float* input, int inputStride, int rows, PackedMatrix<S, V, W> matrix, PackedMatrix<S, V, W> following,
        float* output, int outputStride, Workspace space, Team team, int rank)
        where E : struct, IEpilogue<S, V> => TeamProduct<S, V, W>.Run<E>(
            [new(input, rows, matrix, output)], (inputStride, outputStride), following, space.Partial(rank), team, rank);
}
