using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Tasks.Code;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tasks.Synthesis;

/// <summary>Program synthesis: continue a Python function so that it does what examples show. It is run on inputs that were not shown.</summary>
[Variant("synthesis")]
public sealed record SynthesisOptions : TaskOptions
{
    [Description("Longest expression that a problem is made from, in Python's tokens. Responses may be longer.")]
    [Range(4, 14)]
    public int MaxTokens { get; init; } = 12;

    [Description("Leave out problems that fewer expressions of the grammar solve than this. More programs than those are right.")]
    [Range(1, 1000)]
    public int MinSolutions { get; init; } = 2;

    [Description("Training problems for each thing that a program can do, with other examples; validation and test have one.")]
    [Range(1, 1000)]
    public int TrainPrompts { get; init; } = 32;

    [Description("Examples in the prompt.")]
    [Range(1, 16)]
    public int Shown { get; init; } = 4;

    [Description("Inputs that the program is run on beside those.")]
    [Range(0, 64)]
    public int Hidden { get; init; } = 8;

    [Description("What a program earns that is right for some inputs: nothing, or their share.")]
    public CodeScore Score { get; init; }

    [Description("What tells one correct program from another: text (names and layout aside), or behaviour (on inputs beyond those of the problem).")]
    public ProgramDifference Difference { get; init; }

    [Description("How programs are run.")]
    public CodeOptions Code { get; init; } = new() { TimeLimit = 1, MaxCharacters = 1000, UsualImports = false };

    public override ITask Create() => new SynthesisTask(this);
}
