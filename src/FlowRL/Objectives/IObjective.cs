using System.Text.Json.Nodes;
using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Objectives.Targets;

namespace FlowRL.Objectives;

/// <summary>
/// A training algorithm, apart from everything that algorithms share. It assigns credit once for each batch of rollouts, in plain
/// numbers, and gives the loss of each micro-batch as a pure function of its inputs.
/// </summary>
public interface IObjective
{
    string Name { get; }

    /// <summary>What the trainer must compute for this objective beside the policy's log-probabilities.</summary>
    ObjectiveNeeds Needs { get; }

    /// <summary>The log Z head to build, with <see cref="ObjectiveNeeds.LogPartition"/>.</summary>
    PartitionOptions Partition => new();

    /// <summary>The critic to build, with <see cref="ObjectiveNeeds.Values"/>.</summary>
    CriticOptions Critic => new();

    /// <summary>
    /// Whether the loss is right for responses that another measure than the policy sampled, e.g. at another temperature: by importance
    /// weights, or because its minimum does not depend on where responses come from.
    /// </summary>
    bool CorrectsSampling => false;

    /// <summary>The smallest group for which the objective is defined: 2 where rewards are compared within a group.</summary>
    int MinimumGroupSize { get; }

    /// <summary>
    /// Turns rewards into what each response is credited with. <paramref name="responses"/> are those of the whole rollout batch; the
    /// result has one credit for each, in the same order. Responses of a group are those with the same <see cref="CreditInput.Group"/>.
    /// An <see cref="IStatefulObjective"/> may learn from them here, after the credit.
    /// </summary>
    CreditAssignment AssignCredit(IReadOnlyList<CreditInput> responses);

    /// <summary>The loss of one micro-batch, to be minimised, and its metrics. No side effects.</summary>
    ObjectiveResult Evaluate(ObjectiveInputs inputs);
}

/// <summary>What an objective asks the trainer to compute.</summary>
[Flags]
public enum ObjectiveNeeds
{
    None = 0,

    /// <summary>log π_ref of each response token.</summary>
    Reference = 1,

    /// <summary>log Z_φ(x) of each prompt, with gradient.</summary>
    LogPartition = 2,

    /// <summary>The critic's value at each response token: without gradient before credit is assigned, with gradient in the loss.</summary>
    Values = 4,

    /// <summary>The policy's entropy at each response token, with gradient. Without this need it is computed for metrics only.</summary>
    EntropyGradient = 8,

    /// <summary>Mini-batches and micro-batches made of whole groups, for losses in which the responses of a group meet.</summary>
    WholeGroups = 16,

    /// <summary>Log-probabilities of the policy at the start of the updates, told from those of the policy that sampled.</summary>
    ProximalLogProbs = 32,
}

/// <summary>
/// The <c>objective:</c> of a recipe. Each algorithm derives one record and names it with <see cref="VariantAttribute"/>.
/// </summary>
public abstract record ObjectiveOptions
{
    public abstract IObjective Create();

    /// <summary>The distribution that is matched; null for objectives that match none.</summary>
    internal virtual TargetOptions? Matched => null;
}

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

/// <summary>An objective that follows how far a step's updates moved the policy. The trainer pays a forward pass of one mini-batch for it.</summary>
public interface IDriftObserver
{
    /// <summary>Told after the updates of each step.</summary>
    /// <param name="drift">Mean over fresh tokens of |log π_θ − log π_old|, in nats, π_θ after the updates.</param>
    void ObserveDrift(double drift);
}

/// <summary>An objective that learns from some groups only. The trainer samples other problems in place of the groups it does not want.</summary>
public interface IGroupFilter
{
    /// <summary>How often at most problems are sampled again in one step.</summary>
    int RefillRounds { get; }

    /// <summary>Whether a group teaches anything.</summary>
    /// <param name="rewards">The verifier's scores of the group, before penalties; failed verifications are left out.</param>
    bool Wants(IReadOnlyList<double> rewards);
}

/// <summary>An objective that prefers some problems over others.</summary>
public interface IProblemPriority
{
    /// <summary>Whether it does; otherwise each problem is drawn once an epoch.</summary>
    bool Prioritises { get; }

    /// <summary>A step's problems are drawn without replacement in proportion to this; above 0.</summary>
    double Weight(string problem);
}
