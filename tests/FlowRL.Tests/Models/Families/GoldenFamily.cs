using System.Text.Json;
using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models.Families;

/// <summary>A tiny random model of a family, and what the reference computes with it (Golden/families/SOURCE.txt).</summary>
internal sealed class GoldenFamily(string name)
{
    private static readonly JsonElement Measured =
        JsonDocument.Parse(File.ReadAllText(GoldenFiles.Path("families", "measured.json"))).RootElement;

    /// <summary>All of them.</summary>
    public static readonly string[] Names =
    [
        "llama", "llama-tied", "mistral", "qwen2", "qwen3", "qwen3_moe", "smollm3", "ministral3", "gemma2", "gemma3_text", "granite", "granitemoehybrid",
        "phi3", "olmo2", "olmo3", "lfm2", "gpt_oss", "qwen3_5",
    ];

    public string Folder => GoldenFiles.Path("families", name);

    /// <summary>The largest difference of a logit that is the arithmetic's.</summary>
    public double LogitTolerance => Number("tolerance_logits");

    /// <summary>The same of a gradient, relative to the largest of its tensor.</summary>
    public double GradientTolerance => Number("tolerance_gradients_relative");

    /// <summary>By how much a logit changes in the reference with one switch thrown.</summary>
    public double Switched(string label) => Measured.GetProperty("families").GetProperty(name).GetProperty("switches").GetProperty(label).GetDouble();

    public DecoderConfig Config() => DecoderConfigJson.Read(Folder);

    /// <summary>The model, or one of another description with the same weights.</summary>
    public Decoder Load(DecoderConfig? config = null, LoraOptions? lora = null)
    {
        var model = new Decoder(config ?? Config(), CPU, lora: lora);
        using var weights = WeightFolder.Open(Folder);
        model.Load(weights, name);
        return model;
    }

    /// <summary>A tensor of <c>golden.safetensors</c>; the caller owns it.</summary>
    public Tensor Golden(string tensor)
    {
        using var file = SafetensorsFile.Open(Path.Combine(Folder, "golden.safetensors"));
        return file.Read(tensor);
    }

    public int[][] Ids()
    {
        using var ids = Golden("input_ids");
        return [.. ids.data<long>().ToArray().Select(id => (int)id).Chunk((int)ids.shape[1])];
    }

    /// <summary>Logits (2, T, V) of the first tokens of both sequences, in one pass.</summary>
    public Tensor Logits(Decoder model, int? length = null)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        int[][] ids = [.. Ids().Select(row => row[..(length ?? row.Length)])];
        using var pack = new PackedSequences(ids, CPU);
        using var attention = new PackedAttention(pack);
        return model.Logits(model.Hidden(pack.Ids, attention)).view(ids.Length, ids[0].Length, -1).MoveToOuterDisposeScope();
    }

    /// <summary>The largest difference of a logit to the golden ones.</summary>
    public double Difference(Decoder model)
    {
        using var scope = NewDisposeScope();
        return Difference(Logits(model), Golden("logits"));
    }

    public static double Difference(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        return (left - right).abs().max().item<float>();
    }

    private double Number(string key) => Measured.GetProperty("families").GetProperty(name).GetProperty(key).GetDouble();
}
