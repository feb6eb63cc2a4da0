using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Tasks.ProblemSets;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tasks.Code;

/// <summary>Programming problems from files; a response is right where its program passes the problem's tests.</summary>
[Variant("code")]
public sealed record CodeTaskOptions : TaskOptions
{
    [Description("Where the problems come from.")]
    public DataOptions Data { get; init; } = new();

    [Description("How programs are run and judged.")]
    public CodeOptions Code { get; init; } = new() { StopAtFailure = true };

    [Description("Where problems have a reference solution: programs may take this many times as long as it takes on this machine for its slowest test, " +
        "but never less than code.time_limit. 0 gives every problem code.time_limit.")]
    [Range(0.0, 1000.0)]
    public double TimeMultiple { get; init; }

    [Description("Inputs that a training problem is tested on, the longest of those that it has, which tend to be the hardest; 0 takes all. Validation and " +
        "test always take all.")]
    [Range(0, 1 << 20)]
    public int MaxTests { get; init; }

    [Description("What a program earns that passes some tests: nothing, or the share that it passes.")]
    public CodeScore Score { get; init; }

    public override ITask Create() => new CodeTask(this);

    internal override DataOptions? Files() => Data;
}

/// <summary>How passed tests become a reward.</summary>
public enum CodeScore
{
    /// <summary>1 where every test passes, else 0.</summary>
    All,

    /// <summary>The share of the tests that pass.</summary>
    Share,
}
