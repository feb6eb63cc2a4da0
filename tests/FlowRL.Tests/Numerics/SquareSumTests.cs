using CsCheck;
using FlowRL.Numerics;
using FlowRL.Tests.Runs;
using static TorchSharp.torch;

namespace FlowRL.Tests.Numerics;

/// <summary>Alone, because the number of threads is the process's: results of other tests would change in the last bits.</summary>
[Collection(nameof(MemoryTests))]
public sealed class SquareSumTests
{
    [Fact]
    public void It_is_the_sum_of_squares_for_any_length_and_number_of_threads() => Gen.Select(Gen.Int[1, 20_000], Gen.ULong).Sample((count, seed) =>
    {
        using var generator = new Generator(seed);
        using var numbers = randn([count], generator: generator);
        var expected = numbers.data<float>().ToArray().Sum(x => (double)x * x);
        var sum = SquareSum.Of(numbers);
        Assert.InRange(Math.Abs(sum - expected) / expected, 0, 1e-6);
        var threads = get_num_threads();
        set_num_threads(1);
        Assert.Equal(sum, SquareSum.Of(numbers));
        set_num_threads(threads);
    }, iter: 30);
}
