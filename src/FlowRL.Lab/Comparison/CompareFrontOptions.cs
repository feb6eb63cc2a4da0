using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Evaluation;

namespace FlowRL.Lab.Comparison;

/// <summary>Fronts in a comparison: of the last checkpoint of every run, and of the base model.</summary>
public sealed record CompareFrontOptions : FrontOptions
{
    [Description("Samples a problem at each setting; as many as the tested checkpoint's when left out.")]
    [Range(1, 4096)]
    public int? Samples { get; init; }

    [Description("The objectives at whose temperature 1 and paper's setting the others' fronts are read off, and over whose fronts areas are taken; the " +
        "comparison's first one when empty.")]
    public IReadOnlyList<string> Matched { get; init; } = [];
}
