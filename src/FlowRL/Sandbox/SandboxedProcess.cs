using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace FlowRL.Sandbox;

/// <summary>
/// A running sandboxed process to talk with, a line at a time. Reads and writes block, but no longer than they may: a limit that is passed ends the
/// process, and the read returns null. Disposing ends it with all that it started. Used by one thread at a time.
/// </summary>
internal sealed class SandboxedProcess : IDisposable
{
    private const int LongestComplaint = 1 << 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ComplaintWait = TimeSpan.FromMilliseconds(500);
    private readonly Process _process;
    private readonly IResourceGroup? _group;
    private readonly Stream _lines;
    private readonly Task<string?> _complaint;
    private readonly long _memory, _disk;
    private readonly int _longestLine;
    private readonly bool _wholeTree;
    private readonly Lock _gate = new();
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _read, _filled, _inside;
    private bool _ended, _measured;
    private double _base;
    private double _seconds = double.PositiveInfinity;
    private long _deadline = long.MaxValue;

    /// <param name="process">Owned.</param>
    /// <param name="group">Owned; null without control groups.</param>
    /// <param name="options">What it may use.</param>
    /// <param name="wholeTree">Whether descendants have to be looked for when it ends; in a process namespace they die with it.</param>
    internal SandboxedProcess(Process process, IResourceGroup? group, SandboxOptions options, bool wholeTree)
    {
        (_process, _group, _wholeTree) = (process, group, wholeTree);
        (_memory, _disk) = ((long)options.MemoryMb << 20, (long)options.DiskMb << 20);
        _longestLine = (options.OutputMb << 20) * 6 + (1 << 16); // a byte of output may take six in JSON
        _lines = process.StandardOutput.BaseStream;
        _complaint = ComplaintOf(process.StandardError.BaseStream);
        Watchdog.Add(this);
    }

    /// <summary>Why it ended; <see cref="SandboxEnd.Itself"/> while it runs.</summary>
    public SandboxEnd End { get; private set; }

    /// <summary>
    /// The first line that the sandbox or the program complained with, once it has ended; null where it said nothing. What it says there is read beside
    /// its output, and waited for a little.
    /// </summary>
    public string? Complaint => _complaint.Wait(ComplaintWait) ? _complaint.Result : null;

    /// <summary>Whether the kernel ended one of its processes for want of memory, which control groups tell.</summary>
    public bool RanOutOfMemory => _group is { RanOutOfMemory: true };

    /// <summary>Gives it this much processor time from now on, whoever waits for whom.</summary>
    public void AllowProcessor(TimeSpan time)
    {
        lock (_gate) (_seconds, _measured) = (time.TotalSeconds, false);
    }

    /// <summary>
    /// Writes a line, which takes no longer than <paramref name="wait"/> even where the process reads nothing. Nothing happens where it is no more,
    /// which the next read tells.
    /// </summary>
    public void Write(string line, TimeSpan wait)
    {
        Wait(wait);
        WriteLine(line);
        Wait(null);
    }

    /// <summary>The next line, waited for no longer than <paramref name="wait"/>; null where the process is no more.</summary>
    public string? Read(TimeSpan wait)
    {
        Wait(wait);
        var line = ReadLine();
        Wait(null);
        return line;
    }

    /// <summary>Writes a line and reads the next, both within <paramref name="wait"/>; null where the process is no more.</summary>
    public string? Ask(string line, TimeSpan wait)
    {
        Wait(wait);
        WriteLine(line);
        // What stands there of one that was ended before it read the question is no answer.
        var answer = End == SandboxEnd.Itself ? ReadLine() : null;
        Wait(null);
        return answer;
    }

    /// <summary>All that it prints until it ends, and the exit status. Over <paramref name="most"/> bytes end it.</summary>
    public (string Text, int Status) ReadToEnd(TimeSpan wait, int most)
    {
        Wait(wait);
        using var text = new MemoryStream();
        // What came together with the last line that was read is output too.
        text.Write(_buffer, _read, _filled - _read);
        _read = _filled;
        int count;
        while ((count = Fill()) > 0)
        {
            text.Write(_buffer, 0, count);
            if (text.Length > most) Stop(SandboxEnd.Output);
        }
        _process.WaitForExit();
        return (Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)Math.Min(text.Length, most)), _process.ExitCode);
    }

    /// <summary>Ends what the process reads.</summary>
    public void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    /// <summary>Called by the watchdog: ends the process where it uses more than it may.</summary>
    internal void Look()
    {
        lock (_gate)
        {
            if (_ended || _process.HasExited) return; // its number may be another's by now
            var use = ProcessTree.Of(_process.Id);
            if (!_measured) (_base, _measured) = (use.Seconds, true);
            if (use.Bytes + KernelBytes() > _memory) Stop(SandboxEnd.Memory);
            else if (use.Seconds - _base > _seconds || Environment.TickCount64 > _deadline) Stop(SandboxEnd.Time);
        }
    }

    public void Dispose()
    {
        Watchdog.Remove(this);
        lock (_gate)
        {
            Stop(SandboxEnd.Itself);
            _ended = true;
        }
        if (!_process.WaitForExit(Patience))
        {
            Kill(_process);
            _process.WaitForExit(Patience);
        }
        if (RanOutOfMemory && End == SandboxEnd.Itself) End = SandboxEnd.Memory;
        _process.Dispose();
        _group?.Dispose();
    }

    // Outside of namespaces, files and sockets are those of the whole machine.
    private long KernelBytes()
    {
        if (_wholeTree) return 0;
        if (_inside == 0) _inside = ProcessTree.Children(_process.Id).FirstOrDefault();
        return _inside == 0 ? 0 : NamespaceUse.Bytes(_inside, _disk);
    }

    // When the watchdog is to end it; null for never.
    private void Wait(TimeSpan? wait)
    {
        lock (_gate) _deadline = wait is { } time ? Environment.TickCount64 + (long)time.TotalMilliseconds : long.MaxValue;
    }

    private void WriteLine(string line)
    {
        try
        {
            _process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(line + "\n"));
            _process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // A process that has ended reads nothing.
        }
    }

    // Read to its end, since a full pipe would hold up the program, but not kept, however much it is.
    private static async Task<string?> ComplaintOf(Stream errors)
    {
        var (kept, buffer) = (new MemoryStream(), new byte[LongestComplaint]);
        try
        {
            for (int count; (count = await errors.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
                kept.Write(buffer, 0, Math.Min(count, LongestComplaint - (int)kept.Length));
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // It was ended.
        }
        var line = Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length).Split('\n')[0].TrimEnd('\r');
        return line == "" ? null : line;
    }

    private string? ReadLine()
    {
        var line = new MemoryStream();
        while (true)
        {
            if (_read == _filled)
            {
                (_read, _filled) = (0, Fill());
                if (_filled == 0)
                {
                    if (End == SandboxEnd.Itself && RanOutOfMemory) End = SandboxEnd.Memory;
                    return null;
                }
            }
            var end = Array.IndexOf(_buffer, (byte)'\n', _read, _filled - _read);
            line.Write(_buffer, _read, (end < 0 ? _filled : end) - _read);
            _read = end < 0 ? _filled : end + 1;
            if (end >= 0) return Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);
            if (line.Length <= _longestLine) continue;
            Stop(SandboxEnd.Output);
            return null;
        }
    }

    private int Fill()
    {
        try
        {
            return _lines.Read(_buffer);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private void Stop(SandboxEnd why)
    {
        lock (_gate)
        {
            if (_ended) return;
            if (why != SandboxEnd.Itself) (End, _ended) = (why, true);
            if (_wholeTree || !KillInside()) Kill(_process);
        }
    }

    /// <summary>
    /// Ends the first process of the namespace, and with it all others. The outermost, its parent, then ends by itself and has buried it; ended first,
    /// it would leave that to the system's init, which in containers may never do so.
    /// </summary>
    private bool KillInside()
    {
        if (_process.HasExited) return true;
        var found = false;
        foreach (var child in ProcessTree.Children(_process.Id))
        {
            try
            {
                using var inside = Process.GetProcessById(child);
                Kill(inside);
                found = true;
            }
            catch (ArgumentException)
            {
                // It has ended already.
            }
        }
        return found;
    }

    private void Kill(Process process)
    {
        try
        {
            process.Kill(_wholeTree);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }
    }
}

/// <summary>Why a sandboxed process is no more.</summary>
internal enum SandboxEnd
{
    /// <summary>It ended by itself, or was not needed any longer.</summary>
    Itself,

    /// <summary>It used up its processor or clock time.</summary>
    Time,

    /// <summary>It used up its memory.</summary>
    Memory,

    /// <summary>It said more than it may.</summary>
    Output,
}
