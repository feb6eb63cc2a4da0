using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Recipes;

namespace FlowRL.Objectives;

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
