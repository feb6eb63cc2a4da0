namespace FlowRL.Cli.Chatting;

/// <summary>What Ctrl-C ends in a conversation: an answer while there is one, the conversation else. Without a keyboard it ends both.</summary>
internal sealed class ChatInterrupts : IDisposable
{
    private readonly Lock _lock = new();
    private readonly bool _isKeyboard;
    private readonly CancellationToken _outer;
    private readonly CancellationTokenSource _leaving;
    private CancellationTokenSource? _answer;

    /// <param name="isKeyboard">Whether somebody types.</param>
    /// <param name="outer">Ends the conversation as a whole.</param>
    public ChatInterrupts(bool isKeyboard, CancellationToken outer)
    {
        (_isKeyboard, _outer) = (isKeyboard, outer);
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(outer);
    }

    /// <summary>Ends the wait for a message.</summary>
    public CancellationToken Leaving => _leaving.Token;

    /// <summary>Asked to leave from the keyboard, which is an end like another; anything else that ends a conversation is a stop.</summary>
    public bool IsStop => _leaving.IsCancellationRequested && (!_isKeyboard || _outer.IsCancellationRequested);

    /// <summary>Runs what Ctrl-C stops.</summary>
    public T Stoppable<T>(Func<CancellationToken, T> answer)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
        lock (_lock) _answer = stop;
        try
        {
            return answer(stop.Token);
        }
        finally
        {
            lock (_lock) _answer = null;
        }
    }

    /// <summary>Ctrl-C.</summary>
    /// <returns>Whether it was taken; a second one while an answer stops ends the process.</returns>
    public bool Press()
    {
        lock (_lock)
        {
            var asked = _isKeyboard && _answer is not null ? _answer : _leaving;
            if (asked.IsCancellationRequested) return false;
            asked.Cancel();
            return true;
        }
    }

    public void Dispose() => _leaving.Dispose();
}
