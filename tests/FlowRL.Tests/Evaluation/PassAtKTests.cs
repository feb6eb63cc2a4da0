using System.Numerics;
using CsCheck;
using FlowRL.Evaluation;

namespace FlowRL.Tests.Evaluation;

public sealed class PassAtKTests
{
    private static readonly Gen<(int Samples, int Correct)> Counts =
        Gen.Int[1, 64].SelectMany(samples => Gen.Int[0, samples].Select(correct => (samples, correct)));

    [Fact]
    public void The_estimate_is_the_share_of_subsets_with_a_correct_sample() =>
        Gen.Int[1, 10].SelectMany(n => Gen.Select(Gen.Const(n), Gen.Int[0, n], Gen.Int[1, n])).Sample((n, correct, k) =>
        {
            var subsets = Enumerable.Range(0, 1 << n).Where(mask => BitOperations.PopCount((uint)mask) == k).ToList();
            // Samples 0..correct-1 are the correct ones.
            var passing = subsets.Count(mask => (mask & ((1 << correct) - 1)) != 0);
            Assert.Equal((double)passing / subsets.Count, PassAtK.Estimate(n, correct, k), 1e-12);
        });

    // 1 - C(n-c, k) / C(n, k) by hand: 1 - 21/252; 1 - 28/45; 1 - C(12,8)/C(16,8) = 1 - 495/12870; nothing and everything correct.
    [Theory]
    [InlineData(10, 3, 5, 231.0 / 252)]
    [InlineData(10, 2, 2, 17.0 / 45)]
    [InlineData(16, 4, 8, 12375.0 / 12870)]
    [InlineData(16, 0, 16, 0)]
    [InlineData(16, 16, 1, 1)]
    [InlineData(16, 1, 16, 1)]
    public void Golden_numbers_of_exact_binomials(int samples, int correct, int k, double expected) =>
        Assert.Equal(expected, PassAtK.Estimate(samples, correct, k), 1e-12);

    [Fact]
    public void Many_samples_lose_no_precision()
    {
        static BigInteger Choose(int n, int k) => Enumerable.Range(1, k).Aggregate(BigInteger.One, (c, i) => c * (n - k + i) / i);
        var exact = 1 - Math.Exp(BigInteger.Log(Choose(3900, 512)) - BigInteger.Log(Choose(4000, 512)));
        Assert.Equal(exact, PassAtK.Estimate(4000, 100, 512), 1e-9);
    }

    [Fact]
    public void One_try_passes_as_often_as_samples_are_correct() =>
        Counts.Sample((n, correct) => Assert.Equal((double)correct / n, PassAtK.Estimate(n, correct, 1), 1e-12));

    [Fact]
    public void More_tries_and_more_correct_samples_never_pass_less() =>
        Counts.Sample((n, correct) =>
        {
            var byK = Enumerable.Range(1, n).Select(k => PassAtK.Estimate(n, correct, k)).ToList();
            Assert.All(byK, value => Assert.InRange(value, 0, 1));
            Assert.All(byK.Zip(byK.Skip(1)), pair => Assert.True(pair.Second >= pair.First - 1e-12));
            if (correct < n) Assert.All(byK, (value, i) => Assert.True(PassAtK.Estimate(n, correct + 1, i + 1) >= value - 1e-12));
        });

    [Theory]
    [InlineData(4, 5, 1)]
    [InlineData(4, -1, 1)]
    [InlineData(4, 1, 0)]
    [InlineData(4, 1, 5)]
    public void Impossible_counts_are_refused(int samples, int correct, int k) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PassAtK.Estimate(samples, correct, k));

    [Fact]
    public void Powers_of_two_end_at_the_number_of_samples()
    {
        Assert.Equal([1, 2, 4, 8, 16], PassAtK.PowersOfTwo(16));
        Assert.Equal([1, 2, 4, 8, 16], PassAtK.PowersOfTwo(31));
        Assert.Equal([1], PassAtK.PowersOfTwo(1));
        Assert.Equal(31, PassAtK.PowersOfTwo(int.MaxValue).Count());
    }
}
