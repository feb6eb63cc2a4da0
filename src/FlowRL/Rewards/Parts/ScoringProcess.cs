using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using FlowRL.Sandbox;

namespace FlowRL.Rewards.Parts;

/// <summary>
/// One copy of a scoring program: a line in, a line out. It has none of the files that are open here. Ended with all it started when disposed.
/// </summary>
internal sealed class ScoringProcess : IDisposable
{
    private const int LongestLine = 1 << 20;
    private const int LongestComplaint = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly Task _complaining;
    private readonly StringBuilder _complaints = new();

    private ScoringProcess(Process process)
    {
        _process = process;
        _complaining = Listen(process.StandardError);
    }

    /// <exception cref="InvalidOperationException">The program cannot be started.</exception>
    public static ScoringProcess Start(IReadOnlyList<string> command)
    {
        var program = Find(command[0]) ?? throw new InvalidOperationException($"{command[0]} cannot be started: No such file or directory");
        string[] words = [.. OpenFiles.Closed(), program, .. command.Skip(1)];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        try
        {
            return new ScoringProcess(Process.Start(start)!);
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"{command[0]} cannot be started: {missing.Message}", missing);
        }
    }

    /// <exception cref="InvalidDataException">The program ended, or its line is too long.</exception>
    public async Task<string> AskAsync(string line, CancellationToken cancellation)
    {
        try
        {
            await _process.StandardInput.WriteAsync($"{line}\n".AsMemory(), cancellation).ConfigureAwait(false);
            await _process.StandardInput.FlushAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException)
        {
            throw await EndedAsync(cancellation).ConfigureAwait(false);
        }
        var answer = new StringBuilder();
        var character = new char[1];
        while (await _process.StandardOutput.ReadAsync(character.AsMemory(), cancellation).ConfigureAwait(false) > 0)
        {
            if (character[0] == '\n') return answer.ToString();
            if (answer.Append(character[0]).Length > LongestLine) throw new InvalidDataException($"a line of over {LongestLine} characters");
        }
        throw await EndedAsync(cancellation).ConfigureAwait(false);
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
        _process.Dispose();
    }

    // A name alone may be that of a program in this folder, or in one of the path.
    private static string? Find(string name) => (name.Contains('/', StringComparison.Ordinal) ? [""] : (string[])
        [Environment.CurrentDirectory, .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)])
        .Select(folder => Path.GetFullPath(Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    private async Task Listen(StreamReader errors)
    {
        try
        {
            while (await errors.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                lock (_complaints)
                {
                    if (_complaints.Length < LongestComplaint) _complaints.AppendLine(line);
                }
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // It was ended.
        }
    }

    /// <summary>The failure, with the program's last words: the stream of errors may be behind that of answers.</summary>
    private async Task<InvalidDataException> EndedAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await _complaining.WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It closed its answers and goes on, or something that it started keeps the stream of errors open.
        }
        lock (_complaints)
        {
            var words = _complaints.ToString().TrimEnd();
            var last = words.Split('\n')[^1];
            var all = last == words ? "" : $"\nIt wrote:\n{words}";
            return new InvalidDataException($"the program ended{(last == "" ? "" : $": {last}{all}")}");
        }
    }
}

/// <summary>A scoring program works, and answered that it has no reward for a response.</summary>
/// <param name="why">What it said.</param>
internal sealed class ProgramSaysException(string why) : InvalidOperationException($"the program says: {why}");
