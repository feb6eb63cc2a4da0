using FlowRL.Sandbox;
using FlowRL.Tests.Support;
using FlowRL.Tests.Verifiers.Code;

namespace FlowRL.Tests.Sandbox;

/// <summary>The first wall: no process is started with an open file of this one's, whatever program it is.</summary>
[Collection(nameof(SandboxTests))]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DescriptorTests
{
    [Fact]
    public void The_bound_is_above_all_that_is_open()
    {
        using var host = new InheritableDescriptors();

        Assert.InRange(OpenFiles.Bound, host.Highest + 1, 1 << 20);
    }

    [Theory]
    [InlineData(Isolation.Bubblewrap)]
    [InlineData(Isolation.None)]
    public void A_program_has_three_open_files(Isolation isolation)
    {
        using var host = new InheritableDescriptors();
        const string Program = InheritableDescriptors.Python + "print(seen(), reached())";

        using var process = Sandboxes.Of(new SandboxOptions { Isolation = isolation }).Start(["/usr/bin/python3", "-S", "-c", Program], new SandboxNeeds());

        Assert.Equal("[0, 1, 2] []", process.Read(TimeSpan.FromSeconds(20)));
        Assert.True(host.AreUntouched);
    }
}
