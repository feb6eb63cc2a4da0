using FlowRL.Recipes;

namespace FlowRL.Objectives;

/// <summary>Placeholder while the algorithm is being written.</summary>
[Variant("flowrl")]
public sealed record FlowRLOptions : ObjectiveOptions
{
    public override IObjective Create() => throw new NotSupportedException();
}
