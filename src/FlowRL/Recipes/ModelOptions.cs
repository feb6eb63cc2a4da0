using System.ComponentModel;

namespace FlowRL.Recipes;

/// <summary>Where the weights come from and how they are held.</summary>
public sealed record ModelOptions
{
    [Description("A Hugging Face folder, a llama2.c .bin file, a run folder, " +
        "or 'embedded:countdown' for the model that ships with FlowRL.")]
    public string Path { get; init; } = "embedded:countdown";

    [Description("Element type of the weights: float32, or bfloat16 to halve their memory (the optimiser keeps float32 masters).")]
    public WeightType Weights { get; init; } = WeightType.Float32;

    [Description("Where the model runs: cpu or cuda.")]
    public DeviceKind Device { get; init; } = DeviceKind.Cpu;
}

public enum WeightType { Float32, Bfloat16 }

public enum DeviceKind { Cpu, Cuda }
