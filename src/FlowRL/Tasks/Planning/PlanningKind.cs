namespace FlowRL.Tasks.Planning;

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
