using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Tasks.Countdown;

/// <summary>Countdown: reach a target from three or four numbers with + − × ÷, each number used once.</summary>
[Variant("countdown")]
public sealed record CountdownOptions : TaskOptions, IValidated
{
    [Description("Smallest number.")]
    [Range(1, 30)]
    public int MinNumber { get; init; } = 1;

    [Description("Largest number.")]
    [Range(1, 30)]
    public int MaxNumber { get; init; } = 13;

    [Description("Smallest target.")]
    [Range(0, 1000)]
    public int MinTarget { get; init; } = 1;

    [Description("Largest target.")]
    [Range(0, 1000)]
    public int MaxTarget { get; init; } = 12;

    [Description("Share of problems with four numbers, before min_solutions leaves any out; the others have three.")]
    [Range(0.0, 1.0)]
    public double FourNumberShare { get; init; } = 0.9;

    [Description("Leave out problems with fewer canonical solutions than this.")]
    [Range(1, 1000)]
    public int MinSolutions { get; init; } = 1;

    [Description("Train on this many problems only; 0 trains on all there are.")]
    [Range(0, 1 << 24)]
    public int TrainProblems { get; init; }

    public override bool HasFreeTexts => false;

    public override ITask Create() => new CountdownTask(this);

    public IEnumerable<string> Validate()
    {
        if (MaxNumber < MinNumber) yield return $"max_number: {MaxNumber} is below min_number ({MinNumber}); raise it.";
        if (MaxTarget < MinTarget) yield return $"max_target: {MaxTarget} is below min_target ({MinTarget}); raise it.";
    }
}
