using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FlowRL.Recipes;

/// <summary>What is kept of a run.</summary>
public sealed record CheckpointOptions
{
    [Description("Save every this many steps; the last step is always saved.")]
    [Range(1, int.MaxValue)]
    public int Every { get; init; } = 20;

    [Description("Recent checkpoints to keep; the best on validation is kept beside them.")]
    [Range(1, 1000)]
    public int KeepLast { get; init; } = 2;
}
