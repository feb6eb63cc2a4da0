using System.ComponentModel;
using FlowRL.Models;

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

    [Description("Adapters to train in place of the weights.")]
    public LoraOptions Lora { get; init; } = new();

    /// <summary>For commands that train nothing: what a wish for new adapters is answered.</summary>
    internal IEnumerable<string> RefuseTraining() => Lora.IsOn
        ? ["model.lora.rank: nothing is trained here; to use adapters that were trained, give their folder as model.path."] : [];
}

public enum WeightType { Float32, Bfloat16 }

public enum DeviceKind { Cpu, Cuda }
