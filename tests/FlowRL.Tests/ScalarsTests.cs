using static TorchSharp.torch;

namespace FlowRL.Tests;

public sealed class ScalarsTests
{
    /// <summary>With TorchSharp's own conversion this fails or gives another number within seconds.</summary>
    [Fact]
    public void A_scalar_lives_until_the_native_call_has_read_it_whatever_the_collector_does()
    {
        using var stop = new CancellationTokenSource();
        var token = stop.Token;
        var collector = new Thread(() =>
        {
            while (!token.IsCancellationRequested) GC.Collect(0, GCCollectionMode.Forced);
        });
        collector.Start();
        using var scope = NewDisposeScope();
        var x = zeros(4, ScalarType.Float64);
        for (var i = 0; i < 20_000; i++) x.add_(Scalars.Of(0.5)).mul_(Scalars.Of(1.0));
        stop.Cancel();
        collector.Join();
        Assert.Equal(10_000, x.mean().item<double>());
    }
}
