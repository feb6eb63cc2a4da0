namespace FlowRL.Recipes;

/// <summary>Element type of a model's matrices and biases; norms are fp32 always.</summary>
public enum WeightType
{
    /// <summary>4 bytes a weight.</summary>
    Float32,

    /// <summary>2 bytes a weight; products are taken in BF16, everything else in fp32.</summary>
    Bfloat16,
}
