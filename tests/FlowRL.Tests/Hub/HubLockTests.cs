using System.Diagnostics;
using FlowRL.Hub;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Hub;

public sealed class HubLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The system's own tool takes the same lock as Python's library.</summary>
    [Fact]
    public async Task A_lock_of_another_program_is_waited_for_and_ours_is_seen()
    {
        var path = _folder.In("locks", "a.lock");
        using (await HubLock.TakeAsync(path, () => { }, default)) Assert.Equal(1, await TryAsync(path));
        Assert.Equal(0, await TryAsync(path));

        using var owner = Process.Start(new ProcessStartInfo("flock", [path, "sh", "-c", "echo taken; read line"])
        { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        Assert.Equal("taken", await owner.StandardOutput.ReadLineAsync());
        var waits = 0;
        var taking = HubLock.TakeAsync(path, () => waits++, default);
        Assert.True(await Eventually.IsTrue(() => waits == 1));
        Assert.False(taking.IsCompleted);
        owner.StandardInput.Close();
        (await taking).Dispose();
        Assert.Equal(1, waits);
    }

    [Fact]
    public async Task A_lock_that_was_deleted_is_no_lock()
    {
        var path = _folder.In("a.lock");
        using var old = await HubLock.TakeAsync(path, () => { }, default);
        File.Delete(path);
        using var taken = await HubLock.TakeAsync(path, () => Assert.Fail("It is another file."), default);
        Assert.Equal(1, await TryAsync(path));
    }

    [Fact]
    public async Task A_wait_can_be_ended()
    {
        using var stop = new CancellationTokenSource();
        using var owner = await HubLock.TakeAsync(_folder.In("a.lock"), () => { }, default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => HubLock.TakeAsync(_folder.In("a.lock"), stop.Cancel, stop.Token));
    }

    private static async Task<int> TryAsync(string path)
    {
        using var process = Process.Start("flock", ["--nonblock", path, "true"]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
