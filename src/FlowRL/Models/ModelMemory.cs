using FlowRL.Files;

namespace FlowRL.Models;

/// <summary>Bytes of a model by itself, from its shape.</summary>
internal static class ModelMemory
{
    /// <param name="config">The shape.</param>
    /// <param name="options">The type of the weights, and the adapters.</param>
    public static IReadOnlyDictionary<string, long> Of(DecoderConfig config, ModelOptions options) => new OrderedDictionary<string, long>
    {
        ["weights"] = new WeightLayout(config).Bytes(options.Weights == WeightType.Bfloat16 ? 2 : sizeof(float)),
        ["adapters"] = LoraAdapters.Count(config, options.Lora) * sizeof(float),
    };

    /// <summary>Refuses a model that the machine cannot hold, before its weights are made.</summary>
    /// <exception cref="BadInputException">It is larger than the memory; the message begins with <paramref name="name"/>.</exception>
    public static void Require(string name, DecoderConfig config, ModelOptions options)
    {
        if (options.Device != DeviceKind.Cpu) return;
        MachineMemory.Require($"{name}: the model", Of(config, options), Advice(options));
    }

    /// <summary>What makes a model smaller.</summary>
    public static string Advice(ModelOptions options) => options.Lora.IsOn ? "lower model.lora.rank, or take a smaller model"
        : options.Weights == WeightType.Float32 ? "take a smaller model, or set model.weights to bfloat16" : "take a smaller model";
}
