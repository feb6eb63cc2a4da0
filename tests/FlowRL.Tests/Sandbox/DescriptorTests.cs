using System.Diagnostics;
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

    /// <summary>What other code opened for children of its own is still theirs.</summary>
    [Fact]
    public void Open_files_of_this_process_stay_as_they_are()
    {
        using var host = new InheritableDescriptors();
        using (var process = new Unisolated(new SandboxOptions()).Start(["/bin/echo", "started"], new SandboxNeeds()))
            Assert.Equal("started", process.Read(TimeSpan.FromSeconds(20)));
        const string Program = InheritableDescriptors.Python + "print(len(seen()) > 100, len(reached()) >= 50)";

        using var other = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Program]) { RedirectStandardOutput = true })!;

        Assert.Equal("True True\n", other.StandardOutput.ReadToEnd());
    }

    /// <summary>A file to read first, functions in place of its own commands, what its loop leaves out.</summary>
    [Fact]
    public void The_shell_that_closes_does_not_heed_the_environment()
    {
        using var host = new InheritableDescriptors();
        using var folder = new TemporaryFolder();
        var words = (string[])[.. OpenFiles.Closed(), "/usr/bin/python3", "-c", InheritableDescriptors.Python + "print(seen())"];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true };
        start.Environment["BASH_ENV"] = folder.Write("first", "echo heard\n");
        start.Environment["BASH_FUNC_exec%%"] = "() { echo heard; }";
        start.Environment["GLOBIGNORE"] = "*";
        start.Environment["SHELLOPTS"] = "noglob";

        using var process = Process.Start(start)!;

        Assert.Equal("[0, 1, 2]\n", process.StandardOutput.ReadToEnd());
    }
}
