namespace FlowRL.Sandbox;

/// <summary>One program's fork in a <see cref="Nursery"/>, whose standard input and output it has meanwhile.</summary>
/// <param name="nursery">Where it is.</param>
/// <param name="process">The first process of its namespaces; owned.</param>
/// <param name="giveBack">Takes the nursery where its next fork has been asked for; it is disposed of otherwise.</param>
internal sealed class NurseryFork(Nursery nursery, ProcessHandle process, Action<Nursery> giveBack) : ISandboxHome
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private bool _isSilent;

    public int Root => process.Id;

    public int Inside => process.Id;

    public bool HasEnded => process.HasEnded;

    public bool RanOutOfMemory => nursery.RanOutOfMemory;

    // What it complains with goes nowhere.
    public Task<string?> Complaint { get; } = Task.FromResult<string?>(null);

    public void Write(ReadOnlySpan<byte> bytes) => nursery.Write(bytes);

    /// <summary>What it prints, up to the nursery's word that it is no more. It may say that itself, and is believed.</summary>
    public int Read(byte[] buffer)
    {
        if (_isSilent) return 0;
        var count = nursery.Read(buffer);
        var mark = buffer.AsSpan(0, count).IndexOf(Nursery.Mark);
        _isSilent = count == 0 || mark >= 0;
        return mark >= 0 ? mark : count;
    }

    public void CloseInput() => throw new NotSupportedException("A fork's input is its nursery's.");

    public int WaitForStatus() => throw new NotSupportedException("A fork's status is its nursery's.");

    public void Kill() => process.Kill();

    public void Leave(bool isSound)
    {
        var hasEnded = process.WaitForEnd(Patience);
        process.Dispose();
        if (isSound && hasEnded && !nursery.RanOutOfMemory && nursery.Ask()) giveBack(nursery);
        else nursery.Dispose();
    }
}
