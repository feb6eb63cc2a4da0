namespace FlowRL.Numerics.Threads;

/// <summary>
/// Threads that carry the same rows through the model and divide each piece of work. A thread alone with its rows is a team of one,
/// and never waits.
/// </summary>
internal sealed class Team(int size)
{
    private int _arrived;
    private int _claimed;
    private volatile int _round;
    private volatile bool _isBroken;

    public int Size => size;

    /// <summary>The part of <paramref name="items"/> that falls to a member.</summary>
    public (int First, int Last) Share(int items, int rank) => ((int)((long)items * rank / size), (int)((long)items * (rank + 1) / size));

    /// <summary>
    /// After the piece of work whose number is its rank, a member takes pieces by this number until none is left: one that is kept from
    /// its core takes fewer. Numbers start again at each meeting.
    /// </summary>
    public int Claim() => Interlocked.Increment(ref _claimed) - 1 + size;

    /// <summary>Waits until all members are here.</summary>
    public void Meet()
    {
        var round = _round;
        if (Interlocked.Increment(ref _arrived) == size)
        {
            (_arrived, _claimed) = (0, 0);
            _round = round + 1;
            return;
        }
        // Yields soon: on a busy machine a longer spin takes the time that the others need to arrive.
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

/// <summary>Another member of the team failed; nothing more will come from it.</summary>
internal sealed class TeamBrokenException() : Exception("Another member of the team failed.");
