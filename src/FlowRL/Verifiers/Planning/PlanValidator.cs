namespace FlowRL.Verifiers.Planning;

/// <summary>Takes a plan's steps one by one, by the rules of STRIPS (Fikes and Nilsson, 1971).</summary>
internal static class PlanValidator
{
    public static PlanVerdict Validate(PlanningProblem problem, IReadOnlyList<PlanStep> plan)
    {
        var state = problem.Initial.ToHashSet();
        foreach (var (number, step) in plan.Index())
        {
            if (Refusal(problem, state, step) is { } refusal)
                return new PlanVerdict(false, number, GoalShare(problem, state), $"step {number + 1}, {step}: {refusal}");
            Apply(problem.Domain.Actions[step.Action], step.Arguments, state);
        }
        var missing = problem.Goal.Where(literal => !Holds(literal, state)).Select(Write).ToList();
        return missing.Count == 0 ? new PlanVerdict(true, plan.Count, 1, "")
            : new PlanVerdict(false, plan.Count, GoalShare(problem, state), $"at the end {missing[0]} does not hold");
    }

    /// <summary>Why a step cannot be taken; null where it can.</summary>
    public static string? Refusal(PlanningProblem problem, IReadOnlySet<Fact> state, PlanStep step)
    {
        if (!problem.Domain.Actions.TryGetValue(step.Action, out var action)) return "there is no such action";
        if (action.Parameters.Count != step.Arguments.Count) return $"it takes {action.Parameters.Count} arguments";
        foreach (var (argument, parameter) in step.Arguments.Zip(action.Parameters))
        {
            if (!problem.Objects.TryGetValue(argument, out var type)) return $"there is no '{argument}'";
            if (!problem.Domain.IsKindOf(type, parameter.Type)) return $"'{argument}' is no {parameter.Type}";
        }
        var bound = action.Bind(step.Arguments);
        var missing = action.Precondition.Select(literal => literal with { Fact = literal.Fact.With(bound) })
            .Where(literal => !Holds(literal, state)).Select(Write).FirstOrDefault();
        return missing is null ? null : $"{missing} does not hold";
    }

    /// <summary>Changes a state by an action: first what ends, then what begins.</summary>
    public static void Apply(PlanAction action, IReadOnlyList<string> arguments, HashSet<Fact> state)
    {
        var bound = action.Bind(arguments);
        foreach (var literal in action.Effect.Where(literal => !literal.IsPositive)) state.Remove(literal.Fact.With(bound));
        foreach (var literal in action.Effect.Where(literal => literal.IsPositive)) state.Add(literal.Fact.With(bound));
    }

    public static bool Holds(Literal literal, IReadOnlySet<Fact> state) => state.Contains(literal.Fact) == literal.IsPositive;

    private static double GoalShare(PlanningProblem problem, IReadOnlySet<Fact> state) =>
        problem.Goal.Count == 0 ? 1 : problem.Goal.Count(literal => Holds(literal, state)) / (double)problem.Goal.Count;

    private static string Write(Literal literal) => literal.IsPositive ? literal.Fact.Text : $"(not {literal.Fact.Text})";
}

/// <summary>What a plan comes to.</summary>
/// <param name="IsValid">Whether every step can be taken and the goal holds at the end.</param>
/// <param name="Steps">Steps that could be taken.</param>
/// <param name="GoalShare">Share of the goal's facts that hold where the plan ended or broke.</param>
/// <param name="Reason">Why it is not valid; empty where it is.</param>
internal sealed record PlanVerdict(bool IsValid, int Steps, double GoalShare, string Reason);

/// <summary>An action with its arguments.</summary>
internal readonly record struct PlanStep(string Action, IReadOnlyList<string> Arguments)
{
    public override string ToString() => Arguments.Count == 0 ? $"({Action})" : $"({Action} {string.Join(' ', Arguments)})";
}
