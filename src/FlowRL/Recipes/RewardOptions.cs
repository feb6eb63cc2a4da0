using System.ComponentModel;
using FlowRL.Rewards.Parts;

namespace FlowRL.Recipes;

/// <summary>What a response earns.</summary>
public sealed record RewardOptions
{
    [Description("Parts of the reward by name, added up by weight; without any the task's own reward counts alone. Each is logged as reward/<name>.")]
    public IReadOnlyDictionary<string, RewardPartOptions> Parts { get; init; } = new OrderedDictionary<string, RewardPartOptions>();
}
