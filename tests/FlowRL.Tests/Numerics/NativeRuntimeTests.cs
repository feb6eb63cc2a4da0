using FlowRL.Numerics.Threads;
using FlowRL.Tests.Runs;
using FlowRL.Training;
using static TorchSharp.torch;

namespace FlowRL.Tests.Numerics;

/// <summary>Alone, because the number of threads is the process's: results of other tests would change in the last bits.</summary>
[Collection(nameof(MemoryTests))]
public sealed class NativeRuntimeTests
{
    private static float _small = 1e-30f; // not a constant: the compiler would multiply

    [Fact]
    public async Task Denormals_are_flushed_on_every_thread_that_computes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The library's own switch is known for Linux alone.");
        var (here, tensors, shares, crew) = await TensorThread.RunAsync(2, () =>
        {
            using var scope = NewDisposeScope();
            var large = full(1 << 20, 1e-30f); // large enough for all workers of the tensor library
            var products = (large * full(1 << 20, 1e-12f)).data<float>().ToArray();
            float[] shares = [1, 1], crew = [1, 1];
            OpenMp.For(2, (first, last, _) =>
            {
                for (var i = first; i < last; i++) shares[i] = _small * 1e-12f;
            });
            using var team = new Crew(2);
            team.Run(rank => crew[rank] = _small * 1e-12f);
            return (_small * 1e-12f, products, shares, crew);
        });
        Assert.Equal(0, here);
        Assert.All(tensors, product => Assert.Equal(0, product));
        Assert.Equal([0, 0], shares);
        Assert.Equal([0, 0], crew);
    }
}
