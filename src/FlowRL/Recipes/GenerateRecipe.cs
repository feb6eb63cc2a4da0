using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Rollouts;

namespace FlowRL.Recipes;

/// <summary>Everything that decides responses to prompts of a file (<c>flowrl generate</c>), but for the prompts.</summary>
internal sealed record GenerateRecipe : IValidated
{
    [Description("The model to sample from.")]
    public ModelOptions Model { get; init; } = new();

    [Description("Whether to wrap prompts that are texts in the model's chat template, as a user's message.")]
    public bool Chat { get; init; }

    [Description("Samples a prompt.")]
    [Range(1, 4096)]
    public int Samples { get; init; } = 1;

    [Description("How responses are drawn.")]
    public SamplingOptions Sampling { get; init; } = new();

    [Description("Sequences decoded side by side.")]
    [Range(1, 1 << 16)]
    public int Slots { get; init; } = 256;

    [Description("Seed of the draws.")]
    [Range(0L, long.MaxValue)]
    public long Seed { get; init; } = 1;

    [Description("Threads for tensor work; 0 takes one a core.")]
    [Range(0, 1024)]
    public int Threads { get; init; }

    public IEnumerable<string> Validate() => Model.RefuseTraining();
}
