using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FlowRL.Models;

/// <summary>The learned log partition function log Z_φ(x) and how it is trained.</summary>
public sealed record PartitionOptions
{
    [Description("Dropout between the layers of the log Z head; the authors use 0.1.")]
    [Range(0.0, 0.9)]
    public double Dropout { get; init; }

    [Description("Stop the gradient of log Z before it reaches the policy's hidden states.")]
    public bool DetachBackbone { get; init; }

    [Description("Leave the last prompt token out of the mean over prompt positions, as the authors' code does.")]
    public bool ExcludeLastPromptToken { get; init; }

    [Description("Learning rate of the log Z head as a multiple of the policy's; GFlowNet practice is about 100, the paper's is 1.")]
    [Range(0.0, 10000.0)]
    public double LearningRateFactor { get; init; } = 1;
}
