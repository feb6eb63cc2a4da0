using FlowRL.Tasks.Planning.Pddl;

namespace FlowRL.Tasks.Planning;

/// <summary>The domains inside the library.</summary>
internal static class PlanningDomains
{
    public static PlanningDomain Blocksworld { get; } = Read("blocksworld");

    public static PlanningDomain Logistics { get; } = Read("logistics");

    private static PlanningDomain Read(string name)
    {
        using var stream = typeof(PlanningDomains).Assembly.GetManifestResourceStream($"FlowRL.Embedded.planning/{name}.pddl")!;
        using var reader = new StreamReader(stream);
        return PddlReader.Domain($"{name}.pddl", reader.ReadToEnd());
    }
}
