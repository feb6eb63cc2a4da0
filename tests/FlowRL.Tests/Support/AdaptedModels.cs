using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Models.Attention;
using static TorchSharp.torch;

namespace FlowRL.Tests.Support;

/// <summary>Small random models with adapters that add something.</summary>
public static class AdaptedModels
{
    public static LoraOptions Options(int rank = 3, double alpha = 6, params Projection[] modules) =>
        modules.Length == 0 ? new() { Rank = rank, Alpha = alpha } : new() { Rank = rank, Alpha = alpha, TargetModules = modules };

    public static Decoder Create(DecoderConfig config, LoraOptions options, ScalarType type = ScalarType.Float32, ulong seed = 1)
    {
        var model = new Decoder(config, CPU, type, options);
        model.Initialize(seed);
        model.Adapters!.Initialize(seed);
        return model;
    }

    /// <summary>Fills A and B with normal numbers, as if they had been trained.</summary>
    public static void Train(Decoder model, double size = 0.2, ulong seed = 7)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(seed);
        foreach (var (name, weight) in model.Adapters!.Weights) weight.copy_(randn(weight.shape, generator: generator) * size);
    }

    /// <summary>Saves a tiny model as <c>base</c> in a folder, and trained adapters over it as <c>adapter</c>.</summary>
    public static void Save(TemporaryFolder folder)
    {
        using (var whole = TinyRuns.Model()) PretrainedModel.Save(folder.In("base"), whole);
        using var model = PretrainedModel.LoadForTraining(
            new ModelOptions { Path = folder.In("base"), Lora = new LoraOptions { Rank = 4, Alpha = 8 } }, 1, []);
        Train(model.Decoder);
        PretrainedModel.Save(folder.In("adapter"), model);
    }

    /// <summary>
    /// The same function as a model without adapters: W + α/r · B A, computed here in float64 from the files' names, as PEFT documents it.
    /// </summary>
    public static Decoder Plain(Decoder model)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var plain = new Decoder(model.Config, CPU);
        plain.Weights.CopyFrom(model.Weights);
        var options = model.Adapters!.Options;
        foreach (var (name, weight) in plain.Weights)
        {
            var prefix = $"base_model.model.{name.Replace(".weight", "", StringComparison.Ordinal)}";
            var stored = model.Adapters.Weights.ToDictionary(pair => pair.Key, pair => pair.Value);
            if (!stored.TryGetValue($"{prefix}.lora_A.weight", out var a)) continue;
            var b = stored[$"{prefix}.lora_B.weight"];
            var product = b.to_type(ScalarType.Float64).mm(a.to_type(ScalarType.Float64)) * (options.Alpha / options.Rank);
            weight.copy_(weight.to_type(ScalarType.Float64) + product);
        }
        return plain;
    }

    /// <summary>Final hidden states of one short sequence.</summary>
    public static Tensor Hidden(Decoder model, params int[] ids)
    {
        using var scope = NewDisposeScope();
        using var pack = new PackedSequences([ids], CPU);
        return model.Hidden(pack.Ids, new PackedAttention(pack)).MoveToOuterDisposeScope();
    }
}
