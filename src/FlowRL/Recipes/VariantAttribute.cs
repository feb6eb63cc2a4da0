namespace FlowRL.Recipes;

/// <summary>
/// Names a concrete options record in recipes: the value of <c>type:</c> that selects it among the records that derive from the same
/// abstract one. <c>objective: flowrl</c> is short for <c>objective: { type: flowrl }</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class VariantAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
