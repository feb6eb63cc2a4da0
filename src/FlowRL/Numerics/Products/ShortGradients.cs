using FlowRL.Files;
using static TorchSharp.torch;

namespace FlowRL.Numerics.Products;

/// <summary>
/// The gradients of linear layers from BF16 pairs: 8 bits of each factor count, sums are in fp32, and each result is rounded to 8 bits once. The forward
/// pass, and with it every log-probability and loss, stays what it is in fp32. Processors with AVX512-BF16 or AMX multiply such pairs about twice as fast
/// as fp32, others are slower; the products are the tensor library's, since .NET has no BF16 dot product.
/// </summary>
internal static class ShortGradients
{
    [ThreadStatic]
    private static bool _areOn;

    /// <summary>Whether this thread's gradients are computed so.</summary>
    public static bool AreOn => _areOn;

    /// <summary>Whether this processor has instructions for BF16 pairs.</summary>
    public static bool AreFast { get; } = MachineProcessor.Fields().Where(field => field.Name == "flags").Select(field => field.Value.Split(' '))
        .Any(flags => flags.Contains("avx512_bf16") || flags.Contains("amx_bf16"));

    /// <summary>What whoever asks for them has to know on this machine; null where there is nothing.</summary>
    public static string? Note(bool asked) => asked && !AreFast
        ? "gradients in bfloat16, for which this processor has no instructions: gradients: float32 is faster here" : null;

    /// <summary>Asks for them, or for those in fp32, on this thread until the result is disposed.</summary>
    public static IDisposable On(bool areOn)
    {
        var before = _areOn;
        _areOn = areOn;
        return new Asked(before);
    }

    /// <summary>(N, K) = dy (N, O) · W for W (O, K).</summary>
    public static Tensor Input(Tensor dy, Tensor weight)
    {
        using var product = Product(dy, weight);
        return product.to(ScalarType.Float32);
    }

    /// <summary>Adds dy (N, O) · W, for W (O, K), to dx (N, K).</summary>
    public static void AddInput(Tensor dy, Tensor weight, Tensor dx)
    {
        using var product = Product(dy, weight);
        _ = dx.PlusInPlace(product);
    }

    /// <summary>Adds dyᵀ · x, for dy (N, O) and x (N, K), to <paramref name="gradient"/> (O, K).</summary>
    public static void AddWeight(Tensor dy, Tensor x, Tensor gradient)
    {
        using var across = dy.t();
        using var product = Product(across, x);
        _ = gradient.PlusInPlace(product);
    }

    private static Tensor Product(Tensor a, Tensor b)
    {
        using Tensor left = a.to(ScalarType.BFloat16), right = b.to(ScalarType.BFloat16);
        return left.mm(right);
    }

    private sealed class Asked(bool before) : IDisposable
    {
        public void Dispose() => _areOn = before;
    }
}
