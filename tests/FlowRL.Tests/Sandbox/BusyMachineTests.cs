using FlowRL.Sandbox;
using FlowRL.Tests.Verifiers.Code;

namespace FlowRL.Tests.Sandbox;

/// <summary>What waits for a processor is not late.</summary>
[Collection(nameof(SandboxTests))]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class BusyMachineTests
{
    // Counts to the end of half a second of its own processor time.
    private const string Work = "import time\nwhile time.process_time() < 0.5: pass\nprint('done')";

    [Fact]
    public void A_limit_by_the_clock_leaves_out_the_wait_for_a_processor()
    {
        using var others = new CancellationTokenSource();
        var threads = Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            while (!others.IsCancellationRequested) Thread.SpinWait(1000);
        })
        { IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        try
        {
            using var process = new Bubblewrap(new SandboxOptions()).Start(["/usr/bin/python3", "-S", "-c", Work], new SandboxNeeds());
            Assert.Equal("done", process.Read(TimeSpan.FromSeconds(1))); // alone it takes six tenths, here several seconds
        }
        finally
        {
            others.Cancel();
            threads.ForEach(thread => thread.Join());
        }
    }

    [Fact]
    public void Whoever_sleeps_is_late()
    {
        using var process = new Bubblewrap(new SandboxOptions()).Start(["/bin/sleep", "1000"], new SandboxNeeds());

        Assert.Null(process.Read(TimeSpan.FromSeconds(0.5)));
        Assert.Equal(SandboxEnd.Time, process.End);
    }
}
