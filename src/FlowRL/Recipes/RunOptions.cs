using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FlowRL.Recipes;

/// <summary>What belongs to the run as a whole.</summary>
public sealed record RunOptions
{
    [Description("Name of the run, the task's unless given; its folder is <folder>/<name>-<number>.")]
    public string? Name { get; init; }

    [Description("Folder that holds runs.")]
    public string Folder { get; init; } = "runs";

    [Description("Seed of every random choice.")]
    [Range(0L, long.MaxValue)]
    public long Seed { get; init; } = 1;

    [Description("Threads for tensor work; 0 takes one a core. Results have the same bits with any number where products are our own, as on most processors.")]
    [Range(0, 1024)]
    public int Threads { get; init; }

    [Description("Samples written to samples.jsonl each step, for reading.")]
    [Range(0, 1 << 20)]
    public int SamplesLogged { get; init; } = 4;
}
