using System.Diagnostics;
using System.Text;

namespace FlowRL.Rewards.Parts;

/// <summary>One copy of a scoring program: a line in, a line out. Ended with all it started when disposed.</summary>
internal sealed class ScoringProcess : IDisposable
{
    private const int LongestLine = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly StringBuilder _complaints = new();

    private ScoringProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_complaints)
            {
                if (line.Data is { } text && _complaints.Length < 2000) _complaints.AppendLine(text);
            }
        };
        process.BeginErrorReadLine();
    }

    /// <exception cref="InvalidOperationException">The program cannot be started.</exception>
    public static ScoringProcess Start(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        try
        {
            return new ScoringProcess(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception missing)
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

    /// <summary>The failure, with the program's last words: the stream of errors may be behind that of answers.</summary>
    private async Task<InvalidDataException> EndedAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
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
