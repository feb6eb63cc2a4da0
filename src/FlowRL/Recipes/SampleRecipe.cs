using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Rollouts;

namespace FlowRL.Recipes;

/// <summary>Everything that decides one streamed response (<c>flowrl sample</c>).</summary>
public sealed record SampleRecipe : IValidated
{
    [Description("The model to sample from.")]
    public ModelOptions Model { get; init; } = new();

    [Description("The text that the model reads.")]
    public required string Prompt { get; init; }

    [Description("Whether to wrap the prompt in the model's chat template.")]
    public bool Chat { get; init; }

    [Description("How the response is drawn.")]
    public SamplingOptions Sampling { get; init; } = new();

    [Description("Seed of the draws.")]
    [Range(0L, long.MaxValue)]
    public long Seed { get; init; } = 1;

    [Description("Threads for tensor work; 0 takes one a core.")]
    [Range(0, 1024)]
    public int Threads { get; init; }

    public IEnumerable<string> Validate() => Model.RefuseTraining();
}
