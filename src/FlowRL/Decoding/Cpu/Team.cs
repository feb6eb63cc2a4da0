namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Threads that carry the same rows through the model and divide each piece of work. A thread alone with its rows is a team of one,
/// and never waits.
/// </summary>
internal sealed class Team(int size)
{
    private int _arrived;
    private volatile int _round;
    private volatile bool _isBroken;

    public int Size => size;

    /// <summary>The part of <paramref name="items"/> that falls to a member.</summary>
    public (int First, int Last) Share(int items, int rank) => ((int)((long)items * rank / size), (int)((long)items * (rank + 1) / size));

    /// <summary>Waits until all members are here.</summary>
    public void Meet()
    {
        if (size == 1) return;
        var round = _round;
        if (Interlocked.Increment(ref _arrived) == size)
        {
            _arrived = 0;
            _round = round + 1;
            return;
        }
        var wait = new SpinWait();
        while (_round == round)
        {
            if (_isBroken) throw new TeamBrokenException();
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>A member failed: nobody waits for it.</summary>
    public void Break() => _isBroken = true;
}
