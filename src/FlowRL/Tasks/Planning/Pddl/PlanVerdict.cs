namespace FlowRL.Tasks.Planning.Pddl;

/// <summary>What a plan comes to.</summary>
/// <param name="IsValid">Whether every step can be taken and the goal holds at the end.</param>
/// <param name="Steps">Steps that could be taken.</param>
/// <param name="GoalShare">Share of the goal's facts that hold where the plan ended or broke.</param>
/// <param name="Reason">Why it is not valid; empty where it is.</param>
internal sealed record PlanVerdict(bool IsValid, int Steps, double GoalShare, string Reason);
