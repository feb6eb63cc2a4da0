using System.ComponentModel;
using FlowRL.Models;

namespace FlowRL.Recipes;

/// <summary>Where the weights come from and how they are held.</summary>
public sealed record ModelOptions : IValidated
{
    [Description("A Hugging Face folder, a llama2.c .bin file, a run folder, " +
        "or 'embedded:countdown' for the model that ships with FlowRL.")]
    public string Path { get; init; } = "embedded:countdown";

    [Description("A new model with random weights; when given, path is not read.")]
    public NewModelOptions? Create { get; init; }

    [Description("Element type of the weights: float32, or bfloat16 to halve their memory (the optimiser keeps float32 masters).")]
    public WeightType Weights { get; init; } = WeightType.Float32;

    [Description("Where the model runs: cpu or cuda.")]
    public DeviceKind Device { get; init; } = DeviceKind.Cpu;

    [Description("Adapters to train in place of the weights.")]
    public LoraOptions Lora { get; init; } = new();

    public IEnumerable<string> Validate()
    {
        if (Create is not null && Lora.IsOn)
        {
            yield return "lora.rank: a model that is created has no weights on disk to adapt; set rank to 0, or leave out create and give path.";
        }
    }

    /// <summary>For commands that train nothing: what a wish for new weights is answered.</summary>
    internal IEnumerable<string> RefuseTraining()
    {
        if (Lora.IsOn) yield return "model.lora.rank: nothing is trained here; to use adapters that were trained, give their folder as model.path.";
        if (Create is not null) yield return "model.create: nothing is trained here, and random weights say nothing; give a model as model.path.";
    }
}
