namespace FlowRL.Rollouts;

/// <summary>Told what an engine does while it does it.</summary>
public interface IRolloutObserver
{
    /// <summary>Looks at nothing.</summary>
    static IRolloutObserver None { get; } = new Nothing();

    /// <summary>A token was drawn for response <paramref name="sample"/> of request <paramref name="request"/>, both counted from 0.</summary>
    void OnToken(int request, int sample, int token) { }

    /// <summary>
    /// Response <paramref name="sample"/> of request <paramref name="request"/> is complete: scoring can begin beside the sampling of others.
    /// </summary>
    void OnResponse(int request, int sample, Response response) { }

    private sealed class Nothing : IRolloutObserver;
}
