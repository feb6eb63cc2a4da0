using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Recipes;

/// <summary>Everything that decides an evaluation (<c>flowrl eval</c>).</summary>
public sealed record EvaluateRecipe : IValidated
{
    [Assemblies]
    [Description(AssembliesAttribute.Description)]
    public IReadOnlyList<string> Assembly { get; init; } = [];

    [Description("The model to evaluate.")]
    public ModelOptions Model { get; init; } = new();

    [Description("Where the problems come from.")]
    public required TaskOptions Task { get; init; }

    [Description("What a response earns; the task's own reward unless parts are given. Accuracy stays the task's to say.")]
    public RewardOptions Reward { get; init; } = new();

    [Description("Which problems: those of training, of validation, or of the test.")]
    public Split Split { get; init; } = Split.Test;

    [Description("Problems; the first of the split.")]
    [Range(1, 1 << 24)]
    public int Problems { get; init; } = 1000;

    [Description("Samples a problem.")]
    [Range(1, 4096)]
    public int Samples { get; init; } = 16;

    [Description("How responses are drawn.")]
    public SamplingOptions Sampling { get; init; } = new();

    [Description("Measure accuracy against variety at several temperatures besides, {} for the usual ones; null measures none.")]
    public FrontOptions? Fronts { get; init; }

    [Description("Measure how different the responses' texts are too (self-BLEU, Vendi score of words), for tasks whose answers have no classes.")]
    public bool Texts { get; init; }

    [Description("Sequences decoded side by side.")]
    [Range(1, 1 << 16)]
    public int Slots { get; init; } = 256;

    [Description("Seconds that the verification of one response may take.")]
    [Range(0.01, 3600.0)]
    public double VerifySeconds { get; init; } = 10;

    [Description("Seed of every random choice.")]
    [Range(0L, long.MaxValue)]
    public long Seed { get; init; } = 1;

    [Description("Threads for tensor work; 0 takes one a core.")]
    [Range(0, 1024)]
    public int Threads { get; init; }

    public IEnumerable<string> Validate() => Model.RefuseTraining();
}
