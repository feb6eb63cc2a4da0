using System.Diagnostics;
using FlowRL.Cli;
using FlowRL.Tests.Support;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

/// <summary>Copies for programs that run as another user: gone with the process that made them, however that ended.</summary>
[Collection(nameof(SandboxTests))]
public sealed class HostCopyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_copy_can_be_read_by_all_and_goes_when_it_is_disposed_of()
    {
        string path;
        using (var copy = new HostCopy([_folder.Write("a.dll", "a")]))
        {
            path = copy.Folder;
            Assert.Equal("a", File.ReadAllText(Path.Combine(path, "a.dll")));
            if (!OperatingSystem.IsWindows()) Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(path));
            HostCopy.Sweep(Path.GetTempPath());
            Assert.True(Directory.Exists(path)); // in use
        }

        Assert.False(Directory.Exists(path));
    }

    /// <summary>What a killed process leaves is a folder whose lock nobody holds.</summary>
    [Fact]
    public void What_a_killed_process_left_is_removed()
    {
        Make("flowrl-csharp-left", withLock: true);
        Make("flowrl-csharp-new", withLock: false); // another process is just about to lock it
        Make("flowrl-csharp-old", withLock: false);
        Directory.SetLastWriteTimeUtc(_folder.In("flowrl-csharp-old"), DateTime.UtcNow.AddHours(-2));
        Make("another", withLock: true);
        Directory.CreateSymbolicLink(_folder.In("flowrl-csharp-link"), _folder.In("another"));
        using var held = new FileStream(Make("flowrl-csharp-held", withLock: true), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        HostCopy.Sweep(_folder.Path);

        Assert.Equal(["another", "flowrl-csharp-held", "flowrl-csharp-link", "flowrl-csharp-new"], _folder.FileNames());
        Assert.True(File.Exists(_folder.In("another", "a.dll")));
    }

    [Fact]
    public async Task The_command_after_one_that_was_killed_removes_what_it_left()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root needs copies");
        var temporary = Directory.CreateDirectory(_folder.In("temporary")).FullName;
        var file = _folder.Write("a.jsonl", """{"program":"while (true) { }","language":"csharp","tests":[{"input":"","output":""}],"time_limit":600}""");
        string[] Left() => Directory.GetFiles(temporary, "lock", SearchOption.AllDirectories);
        using var killed = Start("verify", "code", file);
        Assert.True(await Eventually.IsTrue(() => Left().Length == 1 || killed.HasExited));
        killed.Kill();
        await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Single(Left());

        using var next = Start("schema", "train");
        await next.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Empty(Left());

        Process Start(params string[] arguments)
        {
            var start = new ProcessStartInfo("dotnet", [typeof(CliHost).Assembly.Location, .. arguments]) { RedirectStandardOutput = true };
            start.Environment["TMPDIR"] = temporary;
            return Process.Start(start)!;
        }
    }

    private string Make(string name, bool withLock)
    {
        Directory.CreateDirectory(_folder.In(name));
        File.WriteAllText(_folder.In(name, "a.dll"), "a");
        if (withLock) File.WriteAllText(_folder.In(name, "lock"), "");
        return _folder.In(name, "lock");
    }
}
