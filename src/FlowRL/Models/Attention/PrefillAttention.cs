using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>Packed attention that also fills the cache: each prompt is computed once and written to every row that continues it.</summary>
internal sealed class PrefillAttention : IAttention, IDisposable
{
    private readonly PackedAttention _attention;
    private readonly KeyValueCache _cache;
    private readonly IReadOnlyList<IReadOnlyList<int>> _rows;
    private readonly Tensor _tokens; // which packed token ...
    private readonly Tensor _places; // ... goes to which place of the cache

    /// <param name="pack">The prompts.</param>
    /// <param name="cache">Where keys and values go.</param>
    /// <param name="rows">For each prompt the cache rows that start with it.</param>
    public PrefillAttention(PackedSequences pack, KeyValueCache cache, IReadOnlyList<IReadOnlyList<int>> rows)
    {
        (_attention, _cache, _rows) = (new PackedAttention(pack), cache, rows);
        Reach = full([pack.Ids.shape[0]], Scalars.Of((long)cache.Context), ScalarType.Int64, pack.Ids.device).DetachFromDisposeScope();
        var (tokens, places) = (new List<long>(), new List<long>());
        for (var prompt = 0; prompt < pack.Sequences; prompt++)
        {
            foreach (var row in rows[prompt])
            {
                for (var t = 0; t < pack.Length(prompt); t++)
                {
                    tokens.Add(pack.Token(prompt, t));
                    places.Add((long)row * cache.Context + t);
                }
            }
        }
        _tokens = tensor(tokens.ToArray(), device: pack.Ids.device).DetachFromDisposeScope();
        _places = tensor(places.ToArray(), device: pack.Ids.device).DetachFromDisposeScope();
    }

    public Tensor Positions => _attention.Positions;

    public Tensor Reach { get; }

    public Tensor Attend(LayerAttention layer, Tensor q, Tensor k, Tensor v)
    {
        using (NewDisposeScope()) _cache.Write(layer.Index, _places, k.index_select(0, _tokens), v.index_select(0, _tokens));
        return _attention.Attend(layer, q, k, v);
    }

    public Tensor Convolve(int layer, Tensor x, Tensor taps)
    {
        using var scope = NewDisposeScope();
        var state = _cache.Recurrent.Inputs(layer);
        Store(state, _attention.Recurrence.LastInputs(x, (int)state.shape[1]));
        return _attention.Convolve(layer, x, taps).MoveToOuterDisposeScope();
    }

    public Tensor Recur(int layer, DeltaInputs inputs)
    {
        using var scope = NewDisposeScope();
        var (read, state) = _attention.Recurrence.Recur(inputs);
        Store(_cache.Recurrent.Matrices(layer), state);
        return read.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _attention.Dispose();
        Reach.Dispose();
        _tokens.Dispose();
        _places.Dispose();
    }

    /// <summary>Writes what is kept of each prompt to every row that continues it.</summary>
    private void Store(Tensor rows, Tensor prompts)
    {
        for (var prompt = 0; prompt < _rows.Count; prompt++)
        {
            foreach (var row in _rows[prompt]) rows.select(0, row).copy_(prompts.select(0, prompt));
        }
    }
}
