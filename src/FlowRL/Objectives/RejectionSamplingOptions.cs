using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Recipes;

namespace FlowRL.Objectives;

/// <summary>Rejection sampling in a recipe: learn from one's own correct answers.</summary>
[Variant("rejection_sampling")]
public sealed record RejectionSamplingOptions : ObjectiveOptions
{
    [Description("Responses with a reward above this are learned from.")]
    [Range(-1000.0, 1000.0)]
    public double Threshold { get; init; } = 0.5;

    public override IObjective Create() => new RejectionSamplingObjective(this);
}
