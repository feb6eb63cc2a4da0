using System.Text.Json.Nodes;

namespace FlowRL.Objectives;

/// <summary>
/// An objective that remembers more than the policy's weights from one step to the next: an adaptive coefficient, values of problems.
/// Checkpoints hold what it remembers; resuming must give the same bits as never having stopped. State changes in
/// <see cref="IObjective.AssignCredit"/> and <see cref="IDriftObserver.ObserveDrift"/>, never in <see cref="IObjective.Evaluate"/>.
/// </summary>
public interface IStatefulObjective : IObjective
{
    /// <summary>Everything that is remembered.</summary>
    JsonObject Save();

    /// <summary>Takes over what <see cref="Save"/> returned.</summary>
    /// <exception cref="FormatException">Something is missing in it.</exception>
    void Restore(JsonObject state);
}
