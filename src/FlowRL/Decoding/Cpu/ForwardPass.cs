using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Numerics.Threads;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// The forward pass of a block of tokens, written once for a whole team: members divide the panels of the products and the heads of
/// attention, and meet where one needs what another computed. H heads, Hkv key-value heads, Dh head width.
/// </summary>
internal sealed unsafe class ForwardPass<S, V, W, C>(DecoderConfig config, PackedDecoder<S, V, W> weights, RotaryTable rotary)
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
    where C : struct, IStorage
{
    private const int AppendsAhead = 8;

    private readonly float _scale = 1 / MathF.Sqrt(config.HeadWidth);
    private readonly float _embeddingScale = (float)config.EmbeddingScale;

    /// <summary>One member's part of computing <paramref name="places"/>, at most as many as the workspace has rows.</summary>
    public void Run(ReadOnlySpan<TokenPlace> places, Workspace space, Team team, int rank, LogitsReader read)
    {
        var (first, last) = team.Share(places.Length, rank);
        for (var row = first; row < last; row++) Embed(places[row].Token, space.Stream + (long)row * space.Strides.Model);
        team.Meet();
        for (var layer = 0; layer < weights.Layers.Length; layer++)
        {
            Attention(layer, places, space, team, rank);
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

    private void Attention(int index, ReadOnlySpan<TokenPlace> places, Workspace space, Team team, int rank)
    {
        var (layer, strides) = (weights.Layers[index], space.Strides);
        Normalize(space, places.Length, layer.InputNorm, rank);
        Product<Assign<S, V>>(space.Normed(rank), strides.Model, places.Length, layer.QueryKeyValue, layer.Output,
            space.QueryKeyValue, strides.QueryKeyValue, space, team, rank);
        team.Meet();
        // Heads before rows: the rows of a group find the prompt that they share in the nearest cache.
        var (first, last) = team.Share(places.Length * config.KeyValueHeads, rank);
        for (var item = first; item < last; item++) Append(index, item, Math.Min(item + AppendsAhead, last - 1), places, space);
        team.Meet();
        for (var item = first; item < last; item++) Attend(index, item, item + 1 < last ? item + 1 : item, places, space, space.Scores(rank));
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

    /// <summary>Rotates one key head of a row and the query heads that share it, and puts key and value into the cache.</summary>
    // The place in the cache of an item that follows soon is asked for: it lies far from all others.
    private void Append(int index, int item, int later, ReadOnlySpan<TokenPlace> places, Workspace space)
    {
        var (head, row) = (item / places.Length, item % places.Length);
        ref readonly var place = ref places[row];
        ref readonly var after = ref places[later % places.Length];
        var (width, layer) = (config.HeadWidth, weights.Layers[index]);
        var ahead = (long)(after.OwnLength - 1) * width * C.Bytes;
        Prefetch.Near(after.Own.Keys(index, later / places.Length) + ahead, width * C.Bytes);
        Prefetch.Near(after.Own.Values(index, later / places.Length) + ahead, width * C.Bytes);
        float* cos = rotary.Cos(place.Position), sin = rotary.Sin(place.Position);
        var (query, key, value) = Heads(space, row, head);
        for (var q = 0; q < config.Heads / config.KeyValueHeads; q++) Turn(query + q * width, layer.QueryNorm, cos, sin);
        Turn(key, layer.KeyNorm, cos, sin);
        var offset = (long)(place.OwnLength - 1) * width * C.Bytes;
        byte* keys = place.Own.Keys(index, head) + offset, values = place.Own.Values(index, head) + offset;
        for (var d = 0; d < width; d += 2 * S.Lanes)
        {
            C.StorePair<S, V>(keys + d * C.Bytes, S.Load(key + d), S.Load(key + d + S.Lanes));
            C.StorePair<S, V>(values + d * C.Bytes, S.Load(value + d), S.Load(value + d + S.Lanes));
        }
    }

    private void Turn(float* head, float* norm, float* cos, float* sin)
    {
        if (norm != null) RowKernel<S, V>.Normalize(head, norm, config.NormEpsilon, config.HeadWidth, head);
        RowKernel<S, V>.Rotate(head, head, cos, sin, config.HeadWidth, 1);
    }

    /// <summary>Attention of a row's query heads that share one key head.</summary>
    // An item is head × rows + row; the cache of the next one is asked for meanwhile.
    private void Attend(int index, int item, int next, ReadOnlySpan<TokenPlace> places, Workspace space, float* scores)
    {
        var (head, row) = (item / places.Length, item % places.Length);
        ref readonly var place = ref places[row];
        ref readonly var after = ref places[next % places.Length];
        var nextHead = next / places.Length;
        byte* nextKeys = after.Own.Keys(index, nextHead), nextValues = after.Own.Values(index, nextHead);
        // A prompt that the next row shares with this one is in the cache already.
        var isNew = after.Shared is not null && (nextHead != head || !ReferenceEquals(after.Shared, place.Shared));
        var nextPromptKeys = isNew ? after.Shared!.Keys(index, nextHead) : null;
        var nextPromptValues = isNew ? after.Shared!.Values(index, nextHead) : null;
        var (width, shared, own) = (config.HeadWidth, place.SharedLength, place.OwnLength);
        var (query, _, _) = Heads(space, row, head);
        var queries = config.Heads / config.KeyValueHeads;
        var output = space.Attended + (long)row * space.Strides.Attended + (long)head * queries * width;
        for (var q = 0; q < queries; q++, query += width, output += width)
        {
            if (shared > 0) AttentionKernel<S, V, C>.Score(query, width, place.Shared!.Keys(index, head), shared, scores, q == 0 ? nextPromptKeys : null);
            AttentionKernel<S, V, C>.Score(query, width, place.Own.Keys(index, head), own, scores + shared, q == 0 ? nextKeys : null);
            var factor = 1 / AttentionKernel<S, V, C>.Exponentiate(scores, shared + own, _scale);
            new Span<float>(output, width).Clear();
            if (shared > 0)
            {
                AttentionKernel<S, V, C>.Combine(scores, width, place.Shared!.Values(index, head), shared, 1, output, q == 0 ? nextPromptValues : null);
            }
            AttentionKernel<S, V, C>.Combine(scores + shared, width, place.Own.Values(index, head), own, factor, output, q == 0 ? nextValues : null);
        }
    }

    private HeadPointers Heads(Workspace space, int row, int head)
    {
        var (width, queries) = (config.HeadWidth, config.Heads / config.KeyValueHeads);
        var start = space.QueryKeyValue + (long)row * space.Strides.QueryKeyValue;
        var keys = start + config.Heads * width;
        return new HeadPointers(start + head * queries * width, keys + head * width, keys + (config.KeyValueHeads + head) * width);
    }

    private readonly struct HeadPointers(float* query, float* key, float* value)
    {
        public void Deconstruct(out float* q, out float* k, out float* v)
        {
            q = query;
            k = key;
            v = value;
        }
    }
}
