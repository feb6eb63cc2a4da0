using System.Security.Cryptography;
using System.Text.Json;
using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints.Gguf;

/// <summary>Files of the gguf package's writer, and what its reader and transformers make of them (Golden/gguf).</summary>
internal static class GoldenGguf
{
    private static readonly JsonElement Index = JsonDocument.Parse(File.ReadAllBytes(Path("index.json"))).RootElement;

    /// <summary>The prompt of every model's logits.</summary>
    public static int[] Prompt { get; } = [.. Index.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

    public static string Path(params string[] parts) => GoldenFiles.Path(["gguf", .. parts]);

    /// <summary>What the index says of a file, such as <c>tiny-f32</c> or <c>types/q4_0</c>.</summary>
    public static JsonElement Of(string name) => Index.GetProperty("files").GetProperty(name);

    /// <summary>The names of all files that the index has tensors of.</summary>
    public static IEnumerable<string> Models { get; } =
        [.. Index.GetProperty("files").EnumerateObject().Where(file => file.Value.TryGetProperty("tensors", out _)).Select(file => file.Name)];

    public static string Sha256(Tensor values)
    {
        using var flat = values.contiguous().view(-1);
        return Convert.ToHexStringLower(SHA256.HashData(flat.bytes));
    }

    /// <summary>Logits (tokens, vocabulary) of one whole pass.</summary>
    public static Tensor Logits(Decoder decoder, int[] ids)
    {
        using var grad = no_grad();
        using var pack = new PackedSequences([ids], CPU);
        return decoder.Logits(decoder.Hidden(pack.Ids, new PackedAttention(pack)));
    }

    /// <summary>The largest difference of a model's logits to those of a golden file.</summary>
    public static float Difference(Decoder decoder, string name)
    {
        using var scope = NewDisposeScope();
        using var golden = SafetensorsFile.Open(Path($"{name}.safetensors"));
        return (Logits(decoder, Prompt) - golden.Read("logits")).abs().max().item<float>();
    }
}
