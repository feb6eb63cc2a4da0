namespace FlowRL.Rollouts;

/// <summary>Told what a sampler does while it does it, on the sampler's thread.</summary>
public interface IRolloutObserver
{
    /// <summary>Looks at nothing.</summary>
    static IRolloutObserver None { get; } = new Nothing();

    /// <summary>A token was drawn for response <paramref name="sample"/> of request <paramref name="request"/>.</summary>
    void OnToken(int request, int sample, int token) { }

    /// <summary>All responses of request <paramref name="request"/> are complete: scoring can begin beside the sampling of others.</summary>
    void OnGroup(int request, RolloutGroup group) { }

    private sealed class Nothing : IRolloutObserver;
}
