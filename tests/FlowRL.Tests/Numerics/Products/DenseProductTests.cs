using CsCheck;
using FlowRL.Numerics;
using FlowRL.Numerics.Products;
using static TorchSharp.torch;

namespace FlowRL.Tests.Numerics.Products;

/// <summary>Alone, because the number of threads is the process's.</summary>
[Collection(nameof(DenseProductTests))]
[CollectionDefinition(nameof(DenseProductTests), DisableParallelization = true)]
public sealed unsafe class DenseProductTests
{
    public static TheoryData<int> Lanes => [4, 8, 16];

    /// <summary>Rows beyond a block of 240, depths beyond one of 256, columns beyond six panels, and every remainder of them.</summary>
    [Theory]
    [MemberData(nameof(Lanes))]
    public void Products_of_any_shape_are_those_of_double_precision(int lanes) =>
        Gen.Select(Gen.Int[1, 500], Gen.Int[1, 600], Gen.Int[1, 500], Gen.Int[0, 1000]).Sample((n, k, o, seed) =>
        {
            using var scope = NewDisposeScope();
            var data = new Data(n, k, o, seed);
            var (y, dx, dw) = data.Run(lanes);
            var (x, w, dy) = (data.X.to_type(ScalarType.Float64), data.W.to_type(ScalarType.Float64), data.Dy.to_type(ScalarType.Float64));
            AssertClose(x.mm(w.t()) + data.Bias, y, k);
            AssertClose(dy.mm(w), dx, o);
            AssertClose(dy.t().mm(x) + data.Gradient, dw, n);
        }, iter: 20, threads: 1);

    /// <summary>The order of each sum is that of its terms: neither the width of registers nor the number of threads shows.</summary>
    [Fact]
    public void Bits_are_the_same_with_any_registers_and_any_number_of_threads()
    {
        using var scope = NewDisposeScope();
        var data = new Data(300, 270, 450, 1);
        var before = get_num_threads();
        byte[]? first = null;
        try
        {
            foreach (var threads in new[] { 1, 2, 4 })
            {
                set_num_threads(threads);
                foreach (var lanes in Lanes.Select(row => row.Data))
                {
                    var (y, dx, dw) = data.Run(lanes);
                    byte[] bits = [.. y.bytes, .. dx.bytes, .. dw.bytes];
                    Assert.Equal(first ??= bits, bits);
                }
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void A_head_larger_than_what_is_packed_at_once_is_one_product()
    {
        using var scope = NewDisposeScope();
        var data = new Data(3, 300, 30_000, 2); // 36 MB of weights, in parts of 32
        var (y, dx, _) = data.Run(Vectors.Widest);
        AssertClose(data.X.to_type(ScalarType.Float64).mm(data.W.to_type(ScalarType.Float64).t()) + data.Bias, y, 300);
        AssertClose(data.Dy.to_type(ScalarType.Float64).mm(data.W.to_type(ScalarType.Float64)), dx, 30_000);
    }

    // Rounding of a sum in order: its terms are of size 1, and so is the error of each addition relative to what has come together.
    private static void AssertClose(Tensor expected, Tensor actual, int terms) =>
        Assert.InRange((expected - actual).abs().max().item<double>(), 0, 4e-7 * terms + 1e-6);

    private sealed class Data
    {
        private readonly int _n, _k, _o;

        public Data(int n, int k, int o, int seed)
        {
            (_n, _k, _o) = (n, k, o);
            using var generator = new Generator((ulong)seed, CPU);
            X = randn([n, k], generator: generator);
            W = randn([o, k], generator: generator);
            Bias = randn([o], generator: generator);
            Dy = randn([n, o], generator: generator);
            Gradient = randn([o, k], generator: generator);
        }

        public Tensor X { get; }

        public Tensor W { get; }

        public Tensor Bias { get; }

        public Tensor Dy { get; }

        public Tensor Gradient { get; }

        public (Tensor Y, Tensor Dx, Tensor Dw) Run(int lanes)
        {
            var (y, dx, dw) = (empty(_n, _o), empty(_n, _k), Gradient.clone());
            DenseProduct.Forward(At(X), _n, _k, At(W), _o, At(Bias), At(y), lanes);
            DenseProduct.InputGradient(At(Dy), _n, _o, At(W), _k, At(dx), lanes);
            DenseProduct.WeightGradient(At(Dy), _n, _o, At(X), _k, At(dw), lanes);
            return (y, dx, dw);
        }

        private static float* At(Tensor tensor) => TensorMemory.Floats(tensor);
    }
}
