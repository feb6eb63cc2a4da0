using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FlowRL.Models;

/// <summary>How the critic, a linear head on the policy's hidden states, is trained.</summary>
public sealed record CriticOptions
{
    [Description("Stop the gradient of the value loss before it reaches the policy's hidden states.")]
    public bool DetachBackbone { get; init; }

    [Description("Learning rate of the value head as a multiple of the policy's.")]
    [Range(0.0, 10000.0)]
    public double LearningRateFactor { get; init; } = 10;
}
