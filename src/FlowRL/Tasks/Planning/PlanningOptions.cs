using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Tasks.Planning;

/// <summary>Planning: actions that lead from one state to another, checked step by step.</summary>
[Variant("planning")]
public sealed record PlanningOptions : TaskOptions, IValidated
{
    [Description("blocksworld and logistics make problems; files reads them.")]
    public PlanningKind Kind { get; init; }

    [Description("Fewest blocks, or packages.")]
    [Range(1, 8)]
    public int MinObjects { get; init; } = 3;

    [Description("Most blocks, or packages.")]
    [Range(1, 8)]
    public int MaxObjects { get; init; } = 5;

    [Description("Training problems that are made; a tenth as many for validation, a quarter for the test.")]
    [Range(10, 1 << 20)]
    public int Problems { get; init; } = 4000;

    [Description("With kind: files, the domain's PDDL file.")]
    public string? Domain { get; init; }

    [Description("With kind: files, PDDL files of training problems.")]
    public IReadOnlyList<string> Train { get; init; } = [];

    [Description("With kind: files, PDDL files of validation problems.")]
    public IReadOnlyList<string> Validation { get; init; } = [];

    [Description("With kind: files, PDDL files of test problems.")]
    public IReadOnlyList<string> Test { get; init; } = [];

    [Description("What a plan earns whose steps can all be taken but that misses the goal: this much for each reached part of it.")]
    [Range(0.0, 0.9)]
    public double Partial { get; init; }

    public override ITask Create() => new PlanningTask(this);

    public IEnumerable<string> Validate()
    {
        if (MaxObjects < MinObjects) yield return $"max_objects: {MaxObjects} is below min_objects ({MinObjects}); raise it.";
        if (Kind == PlanningKind.Files && Domain is null) yield return "domain: kind: files needs a domain file.";
        if (Kind == PlanningKind.Files && Train.Count + Test.Count == 0) yield return "train: kind: files needs problem files, here or in test.";
        if (Kind != PlanningKind.Files && Domain is not null) yield return "domain: a domain file is read with kind: files only.";
    }
}

/// <summary>Which problems are planned.</summary>
public enum PlanningKind
{
    /// <summary>Towers of blocks, made anew.</summary>
    Blocksworld,

    /// <summary>Packages between cities, made anew.</summary>
    Logistics,

    /// <summary>Problems from PDDL files.</summary>
    Files,
}
