using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Tests.Numerics;

public sealed class ScalarsTests
{
    /// <summary>With x.add_(0.5) in its place some thread fails or gets another number, nearly every time.</summary>
    [Fact]
    public void A_scalar_lives_until_the_native_call_has_read_it_whatever_the_collector_does()
    {
        using var stop = new CancellationTokenSource();
        var token = stop.Token;
        var collector = new Thread(() =>
        {
            while (!token.IsCancellationRequested)
            {
                GC.Collect(0, GCCollectionMode.Forced);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        var failures = new List<string>();
        // More threads than cores: a thread that loses its core inside the native call gives the collector time.
        var workers = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            try
            {
                using var scope = NewDisposeScope();
                var x = zeros(4, ScalarType.Float64);
                for (var i = 0; i < 20_000; i++) x.PlusInPlace(0.5).mul_(Scalars.Of(1.0));
                if (x.mean().item<double>() != 10_000) lock (failures) failures.Add("another number");
            }
            catch (System.Runtime.InteropServices.ExternalException error)
            {
                lock (failures) failures.Add(error.Message);
            }
        })).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        stop.Cancel();
        collector.Join();
        Assert.Empty(failures);
    }
}
