using System.ComponentModel;
using FlowRL.Configuration;

namespace FlowRL.Lab.Comparison;

/// <summary>A primary claim: what is said before the test problems are touched, and tested with all the others of its list.</summary>
public sealed record ClaimOptions : IValidated
{
    [Description("The objective of which more is claimed.")]
    public required string Objective { get; init; }

    [Description("The objective that it has more than.")]
    public required string Against { get; init; }

    [Description("More of what: the area between their fronts, or, at the tested checkpoint, accuracy, different right answers, pass@k at the largest k, " +
        "or coverage.")]
    public ClaimMeasure Measure { get; init; } = ClaimMeasure.FrontArea;

    public IEnumerable<string> Validate()
    {
        if (Objective == Against) yield return $"against: is '{Against}', as objective is; name two different ones.";
    }
}

/// <summary>What a claim is about.</summary>
public enum ClaimMeasure
{
    FrontArea,
    Accuracy,
    DistinctCorrect,
    PassAtK,
    Coverage,
}
