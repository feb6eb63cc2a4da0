using FlowRL.Models;

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
