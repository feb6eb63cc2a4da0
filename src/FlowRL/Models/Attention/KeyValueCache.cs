using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>
/// Keys and values of R sequences side by side, allocated once: per layer (R · C, Hkv, Dh), row-major by sequence. Active sequences
/// occupy rows 0..active-1, so that a decoding step reads one contiguous block.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;

    public KeyValueCache(DecoderConfig config, int rows, int context, Device device)
    {
        (Rows, Context) = (rows, context);
        Tensor Allocate(int layer) => zeros([Attends(config, layer) ? (long)rows * context : 0, config.KeyValueHeads, config.HeadWidth],
            ScalarType.Float32, device).DetachFromDisposeScope();
        _keys = [.. Enumerable.Range(0, config.Layers).Select(Allocate)];
        _values = [.. Enumerable.Range(0, config.Layers).Select(Allocate)];
        Recurrent = new RecurrentState(config, rows, device);
    }

    /// <summary>What layers without attention keep.</summary>
    public RecurrentState Recurrent { get; }

    /// <summary>Sequences that fit.</summary>
    public int Rows { get; }

    /// <summary>Tokens of each that fit.</summary>
    public int Context { get; }

    /// <summary>Bytes of a cache, before it is there.</summary>
    internal static long Size(DecoderConfig config, int rows, int context) =>
        2L * Enumerable.Range(0, config.Layers).Count(layer => Attends(config, layer)) * rows * context * config.KeyValueHeads * config.HeadWidth *
        sizeof(float) + RecurrentState.Size(config, rows);

    internal long Bytes => _keys.Concat(_values).Sum(tensor => tensor.numel() * sizeof(float)) + Recurrent.Bytes;

    internal void Write(int layer, Tensor places, Tensor k, Tensor v)
    {
        _keys[layer].index_copy_(0, places, k);
        _values[layer].index_copy_(0, places, v);
    }

    /// <summary>The first <paramref name="length"/> keys and values of rows 0..rows-1, as (rows, Hkv, length, Dh) views.</summary>
    internal (Tensor Keys, Tensor Values) Read(int layer, int rows, int length)
    {
        Tensor View(Tensor all) => all.view(Rows, Context, all.shape[1], all.shape[2])
            .narrow(0, 0, rows).narrow(1, 0, length).transpose(1, 2);
        return (View(_keys[layer]), View(_values[layer]));
    }

    /// <summary>Copies the first <paramref name="length"/> tokens of one row to another, when a row that ended leaves a hole.</summary>
    public void MoveRow(int from, int to, int length)
    {
        using var scope = NewDisposeScope();
        Recurrent.MoveRow(from, to);
        foreach (var all in _keys.Concat(_values).Where(all => all.shape[0] > 0))
        {
            all.narrow(0, (long)to * Context, length).copy_(all.narrow(0, (long)from * Context, length));
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values)) tensor.Dispose();
        Recurrent.Dispose();
    }

    private static bool Attends(DecoderConfig config, int layer) => config.ShapeOf(layer).Mixing == LayerMixing.Attention;
}
