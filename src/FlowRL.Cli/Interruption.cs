using System.Runtime.InteropServices;

namespace FlowRL.Cli;

/// <summary>
/// Turns the first Ctrl-C or SIGTERM into cancellation, so that a run can finish its step and save; the second ends the process at once,
/// as the system does without a handler.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CliHost _host;
    private readonly StopText _text;
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _signals;
    private int _count;

    public Interruption(CliHost host, StopText text, CancellationToken outer, Keyboard keyboard = Keyboard.IsOwn)
    {
        (_host, _text) = (host, text);
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle), .. OfKeyboard(keyboard)];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _source.Dispose();
    }

    private IEnumerable<PosixSignalRegistration> OfKeyboard(Keyboard keyboard) => keyboard == Keyboard.IsCommands ? []
        : [PosixSignalRegistration.Create(PosixSignal.SIGINT, keyboard == Keyboard.IsOwn ? Handle : Ignore)];

    private static void Ignore(PosixSignalContext context) => context.Cancel = true;

    private void Handle(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _count) > 1) return;
        context.Cancel = true;
        // Whoever has read the sentence may rely on the request being made.
        _source.Cancel();
        _host.Say($"Stopping{_text.Asked}; press Ctrl-C again to stop at once.");
    }
}

/// <summary>Who answers Ctrl-C, which a terminal sends to every process in front of it.</summary>
internal enum Keyboard
{
    /// <summary>This process.</summary>
    IsOwn,

    /// <summary>The command itself, which says what ends.</summary>
    IsCommands,

    /// <summary>The process that started this one, which then says what is to happen.</summary>
    IsParents,
}
