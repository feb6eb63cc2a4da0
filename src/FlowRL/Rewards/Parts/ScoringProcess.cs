using System.Collections;
using System.ComponentModel;
using System.Text;
using FlowRL.Sandbox;

namespace FlowRL.Rewards.Parts;

/// <summary>
/// One copy of a scoring program: a line in, a line out. It has none of the files that are open here. Ended with all it started when disposed.
/// </summary>
internal sealed class ScoringProcess : IDisposable
{
    private const int LongestLine = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ChildProcess _process;
    private readonly StreamWriter _input;
    private readonly StreamReader _output;
    private readonly Task _complaining;
    private readonly StringBuilder _complaints = new();

    private ScoringProcess(ChildProcess process)
    {
        (_process, _input, _output) = (process, new StreamWriter(process.Input), new StreamReader(process.Output));
        _complaining = Listen(new StreamReader(process.Errors));
    }

    /// <exception cref="InvalidOperationException">The program cannot be started.</exception>
    public static ScoringProcess Start(IReadOnlyList<string> command)
    {
        if (!PosixSpawn.IsKnown) throw new InvalidOperationException($"{command[0]} cannot be started: {PosixSpawn.Obstacle}");
        // A program of the folder that this process is in needs no path; others are looked for in PATH.
        var program = File.Exists(command[0]) ? Path.GetFullPath(command[0]) : command[0];
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
        try
        {
            return new ScoringProcess(new ChildProcess([program, .. command.Skip(1)], environment));
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
            await _input.WriteAsync($"{line}\n".AsMemory(), cancellation).ConfigureAwait(false);
            await _input.FlushAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException)
        {
            throw await EndedAsync(cancellation).ConfigureAwait(false);
        }
        var answer = new StringBuilder();
        var character = new char[1];
        while (await _output.ReadAsync(character.AsMemory(), cancellation).ConfigureAwait(false) > 0)
        {
            if (character[0] == '\n') return answer.ToString();
            if (answer.Append(character[0]).Length > LongestLine) throw new InvalidDataException($"a line of over {LongestLine} characters");
        }
        throw await EndedAsync(cancellation).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _process.KillTree();
        _process.Dispose();
    }

    private async Task Listen(StreamReader errors)
    {
        try
        {
            while (await errors.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                lock (_complaints)
                {
                    if (_complaints.Length < 2000) _complaints.AppendLine(line);
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
            var last = _complaints.ToString().TrimEnd().Split('\n')[^1];
            return new InvalidDataException($"the program ended{(last == "" ? "" : $": {last}")}");
        }
    }
}
