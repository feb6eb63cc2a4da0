using FlowRL.Files;

namespace FlowRL.Cli;

/// <summary>Tells on standard error how much of a large file is written, a line for every tenth.</summary>
internal sealed class ExportProgress(CliHost host) : IProgress<(long Done, long All)>
{
    // What takes no time needs no words.
    private const long Large = 100_000_000;

    private long _told;

    public void Report((long Done, long All) value)
    {
        var tenth = value.Done * 10 / Math.Max(1, value.All);
        if (value.All < Large || tenth == _told) return;
        _told = tenth;
        host.Say($"{MachineMemory.Size(value.Done)} of {MachineMemory.Size(value.All)} written");
    }
}
