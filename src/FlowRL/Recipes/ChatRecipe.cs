using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Rollouts;

namespace FlowRL.Recipes;

/// <summary>Everything that decides a conversation (<c>flowrl chat</c>), but for what is typed.</summary>
internal sealed record ChatRecipe : IValidated
{
    [Description("The model to talk to.")]
    public ModelOptions Model { get; init; } = new();

    [Description("What the model is told before the conversation; nothing unless given.")]
    public string? System { get; init; }

    [Description("Whether the model goes on with each line as it stands, without a chat template and without what was said before.")]
    public bool Plain { get; init; }

    [Description("Whether the model may think before it answers, where its template has that switch.")]
    public bool Thinking { get; init; } = true;

    [Description("Answers to each message, of which one goes on.")]
    [Range(1, 64)]
    public int Samples { get; init; } = 1;

    [Description("How answers are drawn.")]
    public SamplingOptions Sampling { get; init; } = new() { Temperature = 0.7, TopP = 0.95, MaxNewTokens = 1024 };

    [Description("Seed of the draws.")]
    [Range(0L, long.MaxValue)]
    public long Seed { get; init; } = 1;

    [Description("Threads for tensor work; 0 takes one a core.")]
    [Range(0, 1024)]
    public int Threads { get; init; }

    public IEnumerable<string> Validate() => Plain && System is not null
        ? Model.RefuseTraining().Append("system: plain text has no system prompt; leave out plain, or write it into the text.") : Model.RefuseTraining();
}
