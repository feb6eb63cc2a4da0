using System.Text;

namespace FlowRL.Sandbox;

/// <summary>
/// A running sandboxed process to talk with, a line at a time. Reads and writes block, but no longer than they may: a limit that is passed ends the
/// process, and the read returns null. Disposing ends it with all that it started. Used by one thread at a time.
/// </summary>
internal sealed class SandboxedProcess : IDisposable
{
    private static readonly TimeSpan ComplaintWait = TimeSpan.FromMilliseconds(500);
    private readonly ISandboxHome _home;
    private readonly long _memory, _disk;
    private readonly int _longestLine;
    private readonly Lock _gate = new();
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _read, _filled;
    private bool _ended, _measured, _disposed;
    private ProcessTree.Use _before;
    private double _seconds = double.PositiveInfinity;
    private long _deadline = long.MaxValue;

    /// <param name="home">Where it runs; left when this is disposed.</param>
    /// <param name="options">What it may use.</param>
    internal SandboxedProcess(ISandboxHome home, SandboxOptions options)
    {
        _home = home;
        (_memory, _disk) = ((long)options.MemoryMb << 20, (long)options.DiskMb << 20);
        _longestLine = (options.OutputMb << 20) * 6 + (1 << 16); // a byte of output may take six in JSON
        Watchdog.Add(this);
    }

    /// <summary>Why it ended; <see cref="SandboxEnd.Itself"/> while it runs.</summary>
    public SandboxEnd End { get; private set; }

    /// <summary>
    /// The first line that the sandbox or the program complained with, once it has ended; null where it said nothing. What it says there is read beside
    /// its output, and waited for a little.
    /// </summary>
    public string? Complaint => _home.Complaint.Wait(ComplaintWait) ? _home.Complaint.Result : null;

    /// <summary>Whether the kernel ended one of its processes for want of memory, which control groups tell.</summary>
    public bool RanOutOfMemory => _home.RanOutOfMemory;

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
        var status = _home.WaitForStatus();
        return (Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)Math.Min(text.Length, most)), status);
    }

    /// <summary>Ends what the process reads.</summary>
    public void CloseInput()
    {
        try
        {
            _home.CloseInput();
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
            if (_ended || _home.HasEnded) return; // its number may be another's by now
            var use = ProcessTree.Of(_home.Root);
            if (!_measured) (_before, _measured) = (use, true);
            if (use.Bytes + KernelBytes() > _memory) Stop(SandboxEnd.Memory);
            else if (use.Seconds - _before.Seconds > _seconds || IsLate(use.Waited - _before.Waited)) Stop(SandboxEnd.Time);
        }
    }

    public void Dispose()
    {
        Watchdog.Remove(this);
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            Stop(SandboxEnd.Itself);
            _ended = true;
        }
        if (RanOutOfMemory && End == SandboxEnd.Itself) End = SandboxEnd.Memory;
        _home.Leave(isSound: End == SandboxEnd.Itself);
    }

    // What waits for a processor is not late: how busy the machine is should decide nothing. Processor time bounds that too.
    private bool IsLate(double waited) => Environment.TickCount64 - (long)(Math.Max(0, waited) * 1000) > _deadline;

    private long KernelBytes() => _home.Inside is not 0 and var inside ? NamespaceUse.Bytes(inside, _disk) : 0;

    // When the watchdog is to end it; null for never.
    private void Wait(TimeSpan? wait)
    {
        lock (_gate) _deadline = wait is { } time ? Environment.TickCount64 + (long)time.TotalMilliseconds : long.MaxValue;
    }

    private void WriteLine(string line)
    {
        try
        {
            _home.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
        catch (IOException)
        {
            // A process that has ended reads nothing.
        }
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
            return _home.Read(_buffer);
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
            _home.Kill();
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
