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

    public Interruption(CliHost host, StopText text, CancellationToken outer)
    {
        (_host, _text) = (host, text);
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _count) > 1) return;
        context.Cancel = true;
        // Whoever has read the sentence may rely on the request being made.
        _source.Cancel();
        _host.Say($"Stopping{_text.Asked}; press Ctrl-C again to stop at once.");
    }
}
