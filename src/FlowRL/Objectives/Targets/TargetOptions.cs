using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Objectives.Targets;

/// <summary>What a policy is to become, apart from how it gets there: the variants of a recipe's <c>target:</c>.</summary>
public abstract record TargetOptions
{
    /// <summary>Whether it spreads over every text that is right. Where texts are free that would mean long ones.</summary>
    internal virtual bool SpreadsOverTexts => false;

    internal abstract ITarget Create();
}

/// <summary>p* ∝ π_ref·e^{βr} (arXiv 2509.15207, equation 2): right answers keep the odds that the reference gives them.</summary>
[Variant("reference")]
public sealed record ReferenceTargetOptions : TargetOptions
{
    internal override ITarget Create() => new UnchangedTarget();
}

/// <summary>p* ∝ π_ref^α·e^{βr}: below 1 the odds of the reference count less.</summary>
[Variant("tempered")]
public sealed record TemperedTargetOptions : TargetOptions
{
    [Description("α: 1 keeps the odds of the reference, 0 forgets them.")]
    [Range(0.0, 1.0)]
    public double Alpha { get; init; } = 0.5;

    // With 0 every text of equal reward is equally probable.
    internal override bool SpreadsOverTexts => true;

    internal override ITarget Create() => new TemperedTarget(Alpha);
}

/// <summary>Every right answer the same probability: <see cref="FlatTarget"/>.</summary>
[Variant("flat")]
public sealed record FlatTargetOptions : TargetOptions
{
    internal override bool SpreadsOverTexts => true;

    internal override ITarget Create() => new FlatTarget();
}

/// <summary>Every different solution the same probability, its forms by the reference: <see cref="FlatBySolutionTarget"/>.</summary>
[Variant("flat_by_solution")]
public sealed record FlatBySolutionTargetOptions : TargetOptions
{
    internal override ITarget Create() => new FlatBySolutionTarget();
}
