using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Tokenization;

namespace FlowRL.Tasks.Modes;

/// <summary>
/// Strings of letters whose reward has several separated modes of different height: small enough that every response can be listed, so that
/// a policy's distance from its target is a number and not an estimate.
/// </summary>
[Variant("modes")]
public sealed record ModesOptions : TaskOptions, IValidated
{
    [Description("Letters that answers are made of; those of model.create.letters.")]
    [Range(2, LetterVocabulary.Largest)]
    public int Letters { get; init; } = 4;

    [Description("Letters of the longest answer.")]
    [Range(1, 64)]
    public int Length { get; init; } = 6;

    [Description("Whether modes have different lengths; otherwise each has the greatest length.")]
    public bool VariableLength { get; init; }

    [Description("Modes of each problem.")]
    [Range(1, 64)]
    public int Modes { get; init; } = 6;

    [Description("Forms of the solution with the most of them: mode i, from 1 on, has min(i, this) answers at its peak, all one solution.")]
    [Range(1, 64)]
    public int Forms { get; init; } = 1;

    [Description("Wrong letters that leave nothing of a mode's reward; modes are further apart than this.")]
    [Range(1, 8)]
    public int Width { get; init; } = 3;

    [Description("Reward of the lowest mode's peak; the highest has 1.")]
    [Range(0.01, 1.0)]
    public double LowestPeak { get; init; } = 0.8;

    [Description("Problems, each with modes of its own.")]
    [Range(1, 1024)]
    public int Problems { get; init; } = 2;

    [Description("Seed of the modes.")]
    [Range(0L, long.MaxValue)]
    public long Seed { get; init; } = 1;

    public override bool HasFreeTexts => false;

    public override ITask Create() => new ModesTask(this);

    public override IEnumerable<string> Misfits(ModelOptions model)
    {
        if (model.Create is { } shape && shape.Letters != Letters)
        {
            yield return $"task.letters: {Letters} letters, and model.create.letters has {shape.Letters}; answers need the model's letters, so " +
                "use the same number.";
        }
    }

    public IEnumerable<string> Validate()
    {
        if (Width >= Length) yield return $"width: modes more than {Width} letters apart do not fit into answers of {Length}; lower it, or raise length.";
    }
}
