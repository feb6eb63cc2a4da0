using System.Diagnostics;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Cli;

/// <summary>A run outlives whatever becomes of the streams it talks to.</summary>
public sealed class LostStreamsTests : IDisposable
{
    private const string Settings = "--set training.steps=2 --set rollout.problems=2 --set rollout.group_size=2 --set rollout.sampling.max_new_tokens=8 " +
        "--set training.mini_batch=4 --set evaluation.every=0 --set evaluation.test_problems=0 --set run.threads=1 --set run.name=lost --run-folder";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2>/dev/full", 0)]
    [InlineData("2>&-", 0)]
    [InlineData(">&-", 1)] // the run is done; that its result could not be printed is said
    [InlineData(">/dev/full", 1)]
    [InlineData(">&- 2>&-", 1)] // the runtime's first pipe has their numbers then
    [InlineData("<&- >&- 2>&-", 1)]
    [InlineData("2>&1 | true", 0)]
    public async Task A_run_ends_as_it_should(string streams, int expected)
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "FlowRL.Cli.dll");
        using var shell = Process.Start(new ProcessStartInfo("bash",
            ["-c", $"set -o pipefail; dotnet '{tool}' train {Settings} '{_folder.Path}' {streams}"])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == expected, $"{streams}: {shell.ExitCode}\n{await output}\n{await error}");
        Assert.True(File.Exists(_folder.In("lost-1", "summary.json")));
        Assert.Equal(2, File.ReadLines(_folder.In("lost-1", "metrics.jsonl")).Count());
        if (streams is ">&-" or ">/dev/full") Assert.Contains("Done, but the result could not be written to standard output: ", await error, StringComparison.Ordinal);
    }
}
