using System.Diagnostics;

namespace FlowRL.Tests.Support;

/// <summary>The command-line tool as a process of its own, as users run it.</summary>
public sealed class CliProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private CliProcess(string workingFolder, IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments, string input = "")
    {
        // A shell's background job ignores Ctrl-C, and its children inherit that.
        var start = new ProcessStartInfo("env")
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add("--default-signal=INT,TERM");
        start.ArgumentList.Add("dotnet");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "FlowRL.Cli.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.StandardInput.Write(input);
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static CliProcess Start(string workingFolder, params string[] arguments) => new(workingFolder, new Dictionary<string, string>(), arguments);

    /// <param name="workingFolder">Where it runs.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    /// <param name="arguments">Of the command.</param>
    public static CliProcess StartWith(string workingFolder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(workingFolder, environment, arguments);

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string workingFolder, params string[] arguments)
    {
        using var process = Start(workingFolder, arguments);
        return await process.WaitAsync();
    }

    /// <summary>The same with text on standard input, short enough that nobody waits for it to be read.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunWithInputAsync(string workingFolder, string input, params string[] arguments)
    {
        using var process = new CliProcess(workingFolder, new Dictionary<string, string>(), arguments, input);
        return await process.WaitAsync();
    }

    public void Kill() => _process.Kill();

    public async Task<(int ExitCode, string Output, string Error)> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return (_process.ExitCode, await _output, await _error);
    }

    public void Dispose() => _process.Dispose();
}
