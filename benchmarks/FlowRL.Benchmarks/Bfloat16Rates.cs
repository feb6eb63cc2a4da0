using System.Text.Json.Nodes;
using FlowRL.Lab.Benchmarking;
using FlowRL.Numerics.Products;
using static TorchSharp.torch;

namespace FlowRL.Benchmarks;

/// <summary>
/// Whether products of BF16 pairs pay on this processor: the tensor library's <c>mm</c> in BF16 beside its own and ours in fp32, at the shapes of training
/// and of decoding. .NET has no BF16 dot product, so that the library's is the only one that there is.
/// </summary>
internal static class Bfloat16Rates
{
    private static readonly (string Name, int Rows, int Inputs, int Outputs)[] Shapes =
    [
        ("large", 2048, 2048, 2048), ("train M", 6144, 512, 1344), ("train 135M", 2048, 576, 1536), ("train Q", 384, 896, 4864),
        ("head of 135M", 2048, 576, 49152), ("decode M", 64, 512, 1344), ("decode 135M", 32, 576, 1536), ("decode Q", 8, 896, 9728),
    ];

    /// <summary>GFLOP/s on all threads, the best of twelve runs in turns, and the largest error of BF16 as a share of the largest result.</summary>
    public static JsonObject Measure() => new(Shapes.Select(shape =>
        KeyValuePair.Create<string, JsonNode?>(shape.Name, Of(shape.Rows, shape.Inputs, shape.Outputs))));

    private static JsonObject Of(int rows, int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(1);
        var (x, w) = (randn([rows, inputs], generator: generator), randn([outputs, inputs], generator: generator));
        var (shortX, shortW) = (x.to(ScalarType.BFloat16), w.to(ScalarType.BFloat16));
        double Rate(Action product) => Math.Round(2.0 * rows * inputs * outputs / Ceilings.Best(12, product) / 1e9, 1);
        var exact = x.mm(w.t());
        var error = (shortX.mm(shortW.t()).to(ScalarType.Float32) - exact).abs().max().item<float>() / exact.abs().max().item<float>();
        return new JsonObject
        {
            ["library_fp32"] = Rate(() => x.mm(w.t()).Dispose()),
            ["own_fp32"] = Rate(() => LinearProducts.Forward(x, w, null, own: true).Dispose()),
            ["library_bf16"] = Rate(() => shortX.mm(shortW.t()).Dispose()),
            ["error_bf16"] = Math.Round(error, 5),
        };
    }
}
