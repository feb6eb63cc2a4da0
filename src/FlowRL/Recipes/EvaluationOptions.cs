using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Rollouts;

namespace FlowRL.Recipes;

/// <summary>Validation during the run, and the evaluation before and after it.</summary>
public sealed record EvaluationOptions
{
    [Description("Validate every this many steps; 0 never.")]
    [Range(0, int.MaxValue)]
    public int Every { get; init; } = 20;

    [Description("Validation problems.")]
    [Range(1, 1 << 24)]
    public int ValidationProblems { get; init; } = 128;

    [Description("Samples a validation problem.")]
    [Range(1, 4096)]
    public int ValidationSamples { get; init; } = 4;

    [Description("Test problems evaluated before and after the run; 0 skips both.")]
    [Range(0, 1 << 24)]
    public int TestProblems { get; init; } = 1000;

    [Description("Samples a test problem.")]
    [Range(1, 4096)]
    public int TestSamples { get; init; } = 16;

    [Description("β of the target p* ∝ π_ref·exp(β·r) from which validation measures the policy's exact distance, by listing every response: only " +
        "for vocabularies and length limits that allow few. The checkpoint nearest to the target is then the best one.")]
    [Range(0.0, 10000.0)]
    public double? ExactBeta { get; init; }

    [Description("How responses are drawn in evaluations.")]
    public SamplingOptions Sampling { get; init; } = new();
}
