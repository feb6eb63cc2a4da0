using System.ComponentModel;
using FlowRL.Data;
using FlowRL.Recipes;
using FlowRL.Rewards.Mathematics;

namespace FlowRL.Tasks.Mathematics;

/// <summary>Problems from files whose final answer is compared with the right one.</summary>
[Variant("math")]
public sealed record MathOptions : TaskOptions
{
    [Description("Where the problems come from.")]
    public DataOptions Data { get; init; } = new();

    [Description("How a final answer is found in a response.")]
    public ExtractionOptions Extraction { get; init; } = new();

    [Description("When two answers are the same.")]
    public AnswerRules Rules { get; init; } = new();

    public override ITask Create() => new MathTask(this);
}
