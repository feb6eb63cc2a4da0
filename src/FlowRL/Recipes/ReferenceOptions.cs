using System.ComponentModel;

namespace FlowRL.Recipes;

/// <summary>How the frozen reference model is held: the model that training starts from, for objectives that compare with it.</summary>
public sealed record ReferenceOptions
{
    [Description("Element type of the reference's weights: float32, or bfloat16 to halve their memory; as model.weights when left out. " +
        "Where it is shorter than the policy's, the two differ by its rounding from the start.")]
    public WeightType? Weights { get; init; }
}
