namespace FlowRL.Tasks.Planning.Pddl;

/// <summary>What can be done: an action's definition.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="Parameters">Each with the type that its argument must have.</param>
/// <param name="Precondition">What must hold, or must not.</param>
/// <param name="Effect">What holds afterwards, or does not any more.</param>
internal sealed record PlanAction(
    string Name, IReadOnlyList<(string Name, string Type)> Parameters, IReadOnlyList<Literal> Precondition, IReadOnlyList<Literal> Effect)
{
    /// <summary>The arguments by parameter.</summary>
    public Dictionary<string, string> Bind(IReadOnlyList<string> arguments) =>
        Parameters.Zip(arguments).ToDictionary(pair => pair.First.Name, pair => pair.Second);
}
