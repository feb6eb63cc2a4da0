using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives;

/// <summary>
/// Rejection sampling fine-tuning (as in Yuan et al. 2023, arXiv 2308.01825, applied online): maximise the log-likelihood of own
/// answers with a reward above the threshold,
/// <code>
/// s = 1 if r &gt; threshold, else 0
/// L = −Σ s·Σ_t log π_θ(y_t) / tokens        (average: token)
/// L = −Σ s·(1/|y|)·Σ_t log π_θ(y_t) / responses        (average: sequence)
/// </code>
/// Tokens and responses are all of the mini-batch, the rejected ones too, so that the loss shrinks with the share accepted; its gradient
/// is that of the expected 0/1 reward. Dropped against the paper: removing duplicate answers, and restarting from the base model.
/// </summary>
/// <remarks>B responses, T tokens.</remarks>
internal sealed class RejectionSamplingObjective(RejectionSamplingOptions options) : IObjective
{
    public string Name => "rejection_sampling";

    public ObjectiveNeeds Needs => ObjectiveNeeds.None;

    public int MinimumGroupSize => 1;

    public CreditAssignment AssignCredit(IReadOnlyList<CreditInput> responses) => new(
        [.. responses.Select(r => Credit.Uniform(r.Reward > options.Threshold ? 1 : 0, r.Length))],
        GroupStatistics.Metrics(responses, GroupStatistics.ByGroup(responses)));

    public ObjectiveResult Evaluate(ObjectiveInputs inputs)
    {
        using var scope = NewDisposeScope();
        var mean = Masked.Mean(inputs.PolicyLogProbs, inputs.Mask); // (B)
        var loss = options.Average == RejectionAverage.Token
            ? -(inputs.Scores * Masked.Sum(inputs.PolicyLogProbs, inputs.Mask)).sum() / Scalars.Of((double)Math.Max(1, inputs.MiniBatchTokens))
            : -(inputs.Scores * mean).sum() / Scalars.Of((double)inputs.MiniBatchResponses);
        var metrics = new MetricReader
        {
            ["policy_log_prob"] = mean.mean(),
            ["score"] = inputs.Scores.mean(),
        };
        return new ObjectiveResult(loss.MoveToOuterDisposeScope(), metrics.Read());
    }
}

/// <summary>Supervised training on the policy's own correct answers: the control that shares everything but the objective.</summary>
[Variant("rejection_sampling")]
public sealed record RejectionSamplingOptions : ObjectiveOptions
{
    [Description("Responses with a reward above this are learned from; the others are not.")]
    [Range(-1e9, 1e9)]
    public double Threshold { get; init; } = 0.5;

    [Description("Average the negative log-likelihood over tokens or over responses (sequence).")]
    public RejectionAverage Average { get; init; } = RejectionAverage.Token;

    public override IObjective Create() => new RejectionSamplingObjective(this);
}

/// <summary>What the negative log-likelihood is averaged over.</summary>
public enum RejectionAverage
{
    /// <summary>Tokens: long answers weigh more, as in supervised training on packed sequences.</summary>
    Token,

    /// <summary>Responses: each answer weighs the same, whatever its length.</summary>
    Sequence,
}
