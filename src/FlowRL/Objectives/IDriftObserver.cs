namespace FlowRL.Objectives;

/// <summary>An objective that follows how far a step's updates moved the policy. The trainer pays a forward pass of one mini-batch for it.</summary>
public interface IDriftObserver
{
    /// <summary>Told after the updates of each step.</summary>
    /// <param name="drift">Mean over fresh tokens of |log π_θ − log π_old|, in nats, π_θ after the updates.</param>
    void ObserveDrift(double drift);
}
