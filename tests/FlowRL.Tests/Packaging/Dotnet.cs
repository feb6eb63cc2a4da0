using System.Diagnostics;

namespace FlowRL.Tests.Packaging;

/// <summary>The SDK's command, as a process that must succeed.</summary>
internal static class Dotnet
{
    /// <summary>Where packages are that were restored before.</summary>
    public static string PackageCache => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>What it printed.</summary>
    public static Task<string> RunAsync(string folder, params string[] arguments) => OutputAsync(new("dotnet", arguments) { WorkingDirectory = folder });

    /// <inheritdoc cref="RunAsync"/>
    public static async Task<string> OutputAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)}:\n{await output}\n{await error}");
        return await output;
    }
}
