using System.ComponentModel;
using FlowRL.Configuration;
using FlowRL.Models.Families;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>Where the weights come from and how they are held.</summary>
public sealed record ModelOptions : IValidated
{
    [Description("A Hugging Face folder, a .gguf file, a llama2.c .bin file, a run folder, a name of the hub such as Qwen/Qwen3-0.6B " +
        "(org/name@revision, org/name:file.gguf), or 'embedded:countdown' for the model that ships with FlowRL.")]
    public string Path { get; init; } = "embedded:countdown";

    [Description("A new model with random weights; when given, path is not read.")]
    public NewModelOptions? Create { get; init; }

    [Description("Element type of the weights: float32, or bfloat16 to halve their memory (the optimiser keeps float32 masters).")]
    public WeightType Weights { get; init; } = WeightType.Float32;

    [Description("Where the model runs: cpu or cuda.")]
    public DeviceKind Device { get; init; } = DeviceKind.Cpu;

    [Description("Adapters to train in place of the weights.")]
    public LoraOptions Lora { get; init; } = new();

    /// <summary>The families that <see cref="Path"/> may be of. No key of a recipe: code gives it, by <see cref="With"/>.</summary>
    public ModelFamilies Families { get; internal init; } = ModelFamilies.BuiltIn;

    /// <summary>The same model, which may also be of families from other assemblies.</summary>
    public ModelOptions With(ModelFamilies families) => this with { Families = families };

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

/// <summary>Where a model runs.</summary>
public enum DeviceKind
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>The first CUDA device.</summary>
    Cuda,
}

/// <summary>Element type of a model's matrices and biases; norms are fp32 always.</summary>
public enum WeightType
{
    /// <summary>4 bytes a weight.</summary>
    Float32,

    /// <summary>2 bytes a weight; products are taken in BF16, everything else in fp32.</summary>
    Bfloat16,
}

/// <summary>How the frozen reference model is held: the model that training starts from, for objectives that compare with it.</summary>
public sealed record ReferenceOptions
{
    [Description("Element type of the reference's weights: float32, or bfloat16 to halve their memory; as model.weights when left out. " +
        "Where it is shorter than the policy's, the two differ by its rounding from the start.")]
    public WeightType? Weights { get; init; }
}

/// <summary>Recipe words to libtorch's devices and types.</summary>
internal static class Devices
{
    /// <exception cref="BadInputException">CUDA is asked for and there is none.</exception>
    public static Device Resolve(DeviceKind kind)
    {
        if (kind == DeviceKind.Cpu) return CPU;
        // The native loader can report success without CUDA, so ask libtorch itself.
        return cuda.is_available() ? CUDA : throw new BadInputException("model.device: 'cuda' was asked for, but libtorch sees no CUDA " +
            "device; reference a libtorch-cuda package instead of the CPU one and check the driver, or set model.device to cpu.");
    }

    public static ScalarType Resolve(WeightType type) => type == WeightType.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
}
