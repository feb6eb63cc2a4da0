using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FlowRL.Recipes;

/// <summary>The replay buffer of whole groups.</summary>
public sealed record ReplayOptions
{
    [Description("Groups kept from earlier steps; 0 switches replay off.")]
    [Range(0, 1 << 20)]
    public int Capacity { get; init; }

    [Description("Groups drawn from the buffer and added to each step's own.")]
    [Range(0, 1 << 20)]
    public int Groups { get; init; }

    [Description("Groups sampled more than this many updates ago are not drawn; 0 sets no bound.")]
    [Range(0, int.MaxValue)]
    public int MaxStaleness { get; init; }
}
