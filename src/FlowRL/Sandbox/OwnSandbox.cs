using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace FlowRL.Sandbox;

/// <summary>A sandbox that is one process's alone and ends with it.</summary>
/// <param name="process">Owned.</param>
/// <param name="group">Owned; null without control groups.</param>
/// <param name="isIsolated">Whether it is in a process namespace, with which its descendants die; otherwise they have to be looked for.</param>
internal sealed class OwnSandbox(Process process, IResourceGroup? group, bool isIsolated) : ISandboxHome
{
    private const int LongestComplaint = 1 << 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Stream _output = process.StandardOutput.BaseStream, _input = process.StandardInput.BaseStream;
    private int _inside;

    public int Root => process.Id;

    // Outside of namespaces, files and sockets are those of the whole machine.
    public int Inside => !isIsolated ? 0 : _inside != 0 ? _inside : _inside = ProcessTree.Children(process.Id).FirstOrDefault();

    public bool HasEnded => process.HasExited;

    public bool RanOutOfMemory => group is { RanOutOfMemory: true };

    public Task<string?> Complaint { get; } = ComplaintOf(process.StandardError.BaseStream);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _input.Write(bytes);
        _input.Flush();
    }

    public int Read(byte[] buffer) => _output.Read(buffer);

    public void CloseInput() => process.StandardInput.Close();

    public int WaitForStatus()
    {
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>
    /// Ends the first process of the namespace, and with it all others. The outermost, its parent, then ends by itself and has buried it; ended first,
    /// it would leave that to the system's init, which in containers may never do so.
    /// </summary>
    public void Kill()
    {
        if (!isIsolated || !KillInside()) Kill(process);
    }

    public void Leave(bool isSound)
    {
        if (!process.WaitForExit(Patience))
        {
            Kill(process);
            process.WaitForExit(Patience);
        }
        process.Dispose();
        group?.Dispose();
    }

    private bool KillInside()
    {
        if (process.HasExited) return true;
        var found = false;
        foreach (var child in ProcessTree.Children(process.Id))
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

    private void Kill(Process one)
    {
        try
        {
            one.Kill(!isIsolated);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
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
}
