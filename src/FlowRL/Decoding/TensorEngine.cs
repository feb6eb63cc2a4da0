using FlowRL.Models;
using FlowRL.Models.Attention;
using static TorchSharp.torch;

namespace FlowRL.Decoding;

/// <summary>
/// Decoding with tensor operations: the reference for other engines, and the way on CUDA. Sequences occupy the first rows of the cache,
/// so that a step reads one block; the last row moves into the hole that an ended one leaves.
/// </summary>
/// <param name="model">Borrowed.</param>
internal sealed class TensorEngine(Decoder model) : IDecodeEngine, IMeasuredEngine
{
    private readonly List<Row> _rows = []; // index = row of the cache
    private KeyValueCache? _cache;

    long IMeasuredEngine.PackedBytes => 0;

    long IMeasuredEngine.CacheBytes => _cache?.Bytes ?? 0;

    public void Open(int slots, int longestPrompt, int longestResponse)
    {
        Close();
        _cache = new KeyValueCache(model.Config, slots, longestPrompt + longestResponse, model.Device);
    }

    public void Start(IReadOnlyList<PromptStart> prompts, LogitsReader read)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var rows = new List<int[]>();
        foreach (var prompt in prompts)
        {
            rows.Add([.. Enumerable.Range(_rows.Count, prompt.Slots.Length)]);
            _rows.AddRange(prompt.Slots.Select(slot => new Row(slot, prompt.PromptIds.Length)));
        }
        using var pack = new PackedSequences([.. prompts.Select(prompt => prompt.PromptIds)], model.Device);
        using var attention = new PrefillAttention(pack, _cache!, rows);
        var hidden = model.Hidden(pack.Ids, attention);
        // Each row continues from the last token of its prompt.
        var last = rows.SelectMany((group, prompt) => group.Select(_ => (long)pack.Token(prompt, pack.Length(prompt) - 1))).ToArray();
        Read(model.Logits(hidden.index_select(0, tensor(last, device: model.Device))), [.. Enumerable.Range(0, last.Length)], read);
    }

    public void Advance(ReadOnlySpan<int> slots, ReadOnlySpan<int> tokens, LogitsReader read)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var index = new Dictionary<int, int>();
        for (var i = 0; i < slots.Length; i++) index.Add(slots[i], i);
        var order = _rows.Select(row => index[row.Slot]).ToArray();
        var ids = new long[_rows.Count];
        for (var row = 0; row < ids.Length; row++) ids[row] = tokens[order[row]];
        using var attention = new CachedAttention(_cache!, _rows.Select(row => row.Length).ToArray(), model.Device);
        var logits = model.Logits(model.Hidden(tensor(ids, device: model.Device), attention));
        for (var row = 0; row < ids.Length; row++) _rows[row] = _rows[row] with { Length = _rows[row].Length + 1 };
        Read(logits, order, read);
    }

    public void End(int slot)
    {
        var row = _rows.FindIndex(candidate => candidate.Slot == slot);
        var last = _rows.Count - 1;
        if (row < last)
        {
            _cache!.MoveRow(last, row, _rows[last].Length);
            _rows[row] = _rows[last];
        }
        _rows.RemoveAt(last);
    }

    public void Close()
    {
        _cache?.Dispose();
        _cache = null;
        _rows.Clear();
    }

    public void Dispose() => Close();

    private static void Read(Tensor logits, int[] order, LogitsReader read)
    {
        using var onCpu = logits.cpu().contiguous();
        var values = onCpu.data<float>().ToArray();
        var vocabulary = (int)logits.shape[1];
        Parallel.For(0, order.Length, row => read(order[row], values.AsSpan(row * vocabulary, vocabulary)));
    }

    private readonly record struct Row(int Slot, int Length);
}
