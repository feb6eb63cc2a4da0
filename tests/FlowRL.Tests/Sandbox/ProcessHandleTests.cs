using System.Diagnostics;
using FlowRL.Sandbox;

namespace FlowRL.Tests.Sandbox;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ProcessHandleTests
{
    [Fact]
    public void A_process_is_ended_and_known_to_have()
    {
        using var process = Process.Start("sleep", "1000");
        using var handle = ProcessHandle.Open(process.Id);

        Assert.Equal((process.Id, false), (handle!.Id, handle.HasEnded));
        Assert.False(handle.WaitForEnd(TimeSpan.FromMilliseconds(1)));
        handle.Kill();
        Assert.True(handle.WaitForEnd(TimeSpan.FromSeconds(30)));
        Assert.True(handle.HasEnded);
        process.WaitForExit();
        handle.Kill(); // nobody
        Assert.True(handle.HasEnded);
    }

    [Fact]
    public void Of_a_number_that_nobody_has_there_is_none() => Assert.Null(ProcessHandle.Open(int.MaxValue));
}
