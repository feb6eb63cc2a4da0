using System.Diagnostics;
using FlowRL.Tests.Support;
using TorchSharp;

namespace FlowRL.Tests.Training;

public sealed class MemoryTests
{
    [Fact]
    public void Live_tensors_and_resident_memory_stay_flat_over_200_steps()
    {
        using var session = new TinyRuns.Session(TinyRuns.Recipe(replay: 2));
        var (tensors, resident) = (new List<long>(), new List<long>());
        for (var step = 0; step < 200; step++)
        {
            session.Trainer.Step(step, CancellationToken.None);
            tensors.Add(torch.Tensor.TotalCount);
            if (step % 20 == 19)
            {
                using var process = Process.GetCurrentProcess();
                resident.Add(process.WorkingSet64);
            }
        }
        // The first steps create gradients and the cache; wrappers that wait for the garbage collector come and go.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.InRange(torch.Tensor.TotalCount, 0, tensors[10]);
        Assert.InRange(resident[^1], 0, (long)(resident[2] * 1.1) + (20 << 20));
    }
}
