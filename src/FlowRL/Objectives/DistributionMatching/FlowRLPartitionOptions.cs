using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Models;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>Departures from the preset's <see cref="PartitionOptions"/>; what is not given is the preset's.</summary>
public sealed record FlowRLPartitionOptions
{
    [Description("Dropout between the layers of the log Z head; 0 in the presets paper and exact_target, 0.1 in the others.")]
    [Range(0.0, 0.9)]
    public double? Dropout { get; init; }

    [Description("Stop the gradient of log Z before it reaches the policy's hidden states; false in every preset.")]
    public bool? DetachBackbone { get; init; }

    [Description("Leave the last prompt token out of the mean over prompt positions; false in the presets paper and exact_target, true in the others.")]
    public bool? ExcludeLastPromptToken { get; init; }

    [Description("Learning rate of the log Z head as a multiple of the policy's; 1 in every preset, about 100 in GFlowNet practice.")]
    [Range(0.0, 10000.0)]
    public double? LearningRateFactor { get; init; }

    internal PartitionOptions Over(PartitionOptions preset) => preset with
    {
        Dropout = Dropout ?? preset.Dropout,
        DetachBackbone = DetachBackbone ?? preset.DetachBackbone,
        ExcludeLastPromptToken = ExcludeLastPromptToken ?? preset.ExcludeLastPromptToken,
        LearningRateFactor = LearningRateFactor ?? preset.LearningRateFactor,
    };
}
