using FlowRL.Lab.Benchmarking;

namespace FlowRL.Tests.Lab.Benchmarking;

public sealed class CeilingsTests
{
    [Fact]
    public void A_slow_library_and_a_low_ceiling_are_said()
    {
        Assert.Empty(new Ceilings(200, 24).Remarks()); // a file of an earlier version
        Assert.Empty(new Ceilings(200, 24) { LibraryGigaflops = 100, RegisterGigaflops = 250 }.Remarks());
        Assert.Equal(
        [
            "The tensor library's products reach 99 of 200 GFLOP/s on this processor; training uses its own.",
            "The best product reaches 79% of what multiply-adds in registers do (252 GFLOP/s): shares of this ceiling look better than they are.",
        ], new Ceilings(200, 24) { LibraryGigaflops = 99.4, RegisterGigaflops = 252 }.Remarks());
    }

    [Fact]
    public void Of_two_measurements_the_better_numbers_count()
    {
        var (one, other) = (new Ceilings(2, 3) { LibraryGigaflops = 1, RegisterGigaflops = 5 }, new Ceilings(1, 4) { LibraryGigaflops = 2, RegisterGigaflops = 4 });
        Assert.Equal(new Ceilings(2, 4) { LibraryGigaflops = 2, RegisterGigaflops = 5 }, one.Max(other));
    }

    [Fact]
    public void Everything_is_measured()
    {
        var measured = Ceilings.Measure(BenchmarkShape.Llama(61, 64, 2, 2, 96), 4);
        // A busy machine may take a core from one measurement and not from the other; the best of several is what it has.
        for (var again = 0; again < 8 && measured.ProductGigaflops > 1.1 * measured.RegisterGigaflops; again++)
            measured = measured.Max(Ceilings.Measure(BenchmarkShape.Llama(61, 64, 2, 2, 96), 4));
        Assert.InRange(measured.ReadGigabytes, 0.1, 10_000);
        Assert.InRange(measured.LibraryGigaflops, 1, measured.ProductGigaflops);
        // More would be a mistake in one of the counts.
        Assert.InRange(measured.ProductGigaflops, 1, 3 * measured.RegisterGigaflops);
    }
}
