using System.Diagnostics;
using FlowRL.Tests.Support;
using TorchSharp;

namespace FlowRL.Tests.Runs;

/// <summary>Alone, because live tensors are counted over the process.</summary>
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Live_tensors_and_resident_memory_stay_flat_over_200_steps(bool adapts, bool recompute)
    {
        using var folder = new TemporaryFolder();
        var recipe = TinyRuns.Recipe(replay: 2);
        using var session = new TinyRuns.Session(adapts ? TinyRuns.Adapting(recipe, folder) : recipe);
        session.Model.Decoder.RecomputesLayers = recompute;
        var (tensors, resident) = (new List<long>(), new List<long>());
        for (var step = 0; step < 200; step++)
        {
            session.Trainer.Step(step, CancellationToken.None);
            if (step % 20 != 19) continue;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using var process = Process.GetCurrentProcess();
            tensors.Add(torch.Tensor.TotalCount);
            resident.Add(process.WorkingSet64);
        }
        Assert.Equal(tensors[0], tensors[^1]);
        Assert.InRange(resident[^1], 0, resident[2] + (16 << 20));
    }
}
