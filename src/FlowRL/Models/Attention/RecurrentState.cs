using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>
/// What the layers without attention keep of R sequences side by side: the last inputs of a convolution, (R, L − 1, channels) from the oldest on, and the
/// matrices of a delta rule, (R, H, dk, dv). Allocated once.
/// </summary>
internal sealed class RecurrentState : IDisposable
{
    private readonly Dictionary<int, (Tensor Inputs, Tensor? Matrices)> _layers = [];

    public RecurrentState(DecoderConfig config, int rows, Device device)
    {
        foreach (var layer in Enumerable.Range(0, config.Layers))
        {
            if (Shapes(config, layer) is not var (inputs, matrices)) continue;
            Tensor Allocate(long[] shape) => zeros([rows, .. shape], ScalarType.Float32, device).DetachFromDisposeScope();
            _layers.Add(layer, (Allocate(inputs), matrices is null ? null : Allocate(matrices)));
        }
    }

    /// <summary>Bytes for <paramref name="rows"/> sequences, before they are there.</summary>
    public static long Size(DecoderConfig config, int rows) => sizeof(float) * rows * Enumerable.Range(0, config.Layers)
        .Select(layer => Shapes(config, layer)).Sum(shapes => shapes is var (inputs, matrices) ? Count(inputs) + (matrices is null ? 0 : Count(matrices)) : 0);

    public long Bytes => Tensors.Sum(tensor => tensor.numel() * sizeof(float));

    /// <summary>(R, L − 1, channels).</summary>
    public Tensor Inputs(int layer) => _layers[layer].Inputs;

    /// <summary>(R, H, dk, dv).</summary>
    public Tensor Matrices(int layer) => _layers[layer].Matrices!;

    /// <summary>Copies what is kept of one row to another.</summary>
    public void MoveRow(int from, int to)
    {
        foreach (var tensor in Tensors) tensor.select(0, to).copy_(tensor.select(0, from));
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors) tensor.Dispose();
    }

    private IEnumerable<Tensor> Tensors => _layers.Values.SelectMany(layer => new[] { layer.Inputs, layer.Matrices }).OfType<Tensor>();

    /// <summary>Shapes for one sequence; null where the layer has attention.</summary>
    private static (long[] Inputs, long[]? Matrices)? Shapes(DecoderConfig config, int layer) => config.ShapeOf(layer).Mixing switch
    {
        LayerMixing.ShortConvolution => ([config.ConvolutionTaps - 1, config.Width], null),
        LayerMixing.DeltaRule when config.DeltaRule is { } rule => (
            [rule.Taps - 1, 2L * rule.KeyHeads * rule.KeyWidth + (long)rule.ValueHeads * rule.ValueWidth],
            [rule.ValueHeads, rule.KeyWidth, rule.ValueWidth]),
        _ => null,
    };

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);
}
