using System.Security.Cryptography;
using System.Text;

namespace FlowRL.Sandbox;

/// <summary>
/// A sandbox that keeps an interpreter ready (nursery.py) and runs one program at a time in a fork of it with namespaces, a /tmp and limits of its own.
/// Used by one thread at a time.
/// </summary>
/// <param name="home">The sandbox; owned.</param>
/// <param name="options">What a program may use.</param>
internal sealed class Nursery(OwnSandbox home, SandboxOptions options) : IDisposable
{
    /// <summary>What begins the words that no program writes for its host, since it is in no JSON: alone, that a fork is no more.</summary>
    public const byte Mark = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly byte[] _buffer = new byte[1 << 12];
    private string _word = "";
    private int _disposed;

    /// <summary>Whether the kernel ended a process here for want of memory.</summary>
    public bool RanOutOfMemory => home.RanOutOfMemory;

    /// <summary>Asks for the next fork, which is made while this process does other things. There must be no program any more.</summary>
    /// <returns>Whether anyone is there to hear it.</returns>
    public bool Ask()
    {
        // Whatever the last program left to be read, and to read, lies before a word that it cannot have known.
        _word = RandomNumberGenerator.GetHexString(32);
        try
        {
            home.Write(Encoding.ASCII.GetBytes($"{(char)Mark}{_word}\n"));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The fork that was asked for, before it has a program; null where there is none.</summary>
    /// <param name="giveBack">Takes this back once the program is no more and the next fork has been asked for.</param>
    public SandboxedProcess? Take(Action<Nursery> giveBack)
    {
        using var guard = new Timer(_ => home.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
        if (!FindWord()) return null;
        // bubblewrap, the nursery, what waits outside of the fork's namespaces, the fork.
        var fork = OnlyChild(OnlyChild(OnlyChild(home.Root)));
        return fork != 0 && ProcessHandle.Open(fork) is { } process ? new SandboxedProcess(new NurseryFork(this, process, giveBack), options) : null;
    }

    public void Write(ReadOnlySpan<byte> bytes) => home.Write(bytes);

    public int Read(byte[] buffer) => home.Read(buffer);

    /// <summary>Ends it with all that is in it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        home.Kill();
        home.Leave(isSound: false);
    }

    private bool FindWord()
    {
        var text = "";
        while (!text.Contains(_word, StringComparison.Ordinal) || !text.EndsWith('\n'))
        {
            var count = Fill();
            if (count == 0) return false;
            text += Encoding.Latin1.GetString(_buffer, 0, count);
            text = text[Math.Max(0, text.Length - 2 * _word.Length)..];
        }
        return true;
    }

    private int Fill()
    {
        try
        {
            return home.Read(_buffer);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private static int OnlyChild(int process) => process != 0 && ProcessTree.Children(process) is [var child] ? child : 0;
}
