using System.Globalization;
using System.Text;
using System.Text.Json;
using FlowRL.Files;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>
/// The weights of a model folder in Hugging Face's layout: <c>model.safetensors</c>, or shards with
/// <c>model.safetensors.index.json</c>.
/// </summary>
public static class WeightFolder
{
    public const string SingleName = "model.safetensors";
    public const string IndexName = "model.safetensors.index.json";

    /// <summary>5 GB a shard, as Hugging Face's libraries have it.</summary>
    public const long DefaultShardBytes = 5_000_000_000;

    /// <summary>Opens a folder, or one safetensors file.</summary>
    /// <exception cref="BadInputException">Nothing readable is there; pickle files (.bin, .pt, .pth) are refused.</exception>
    public static IWeightSource Open(string path)
    {
        if (File.Exists(path)) return IsPickle(path) ? throw RefusePickle(path) : SafetensorsFile.Open(path);
        if (!Directory.Exists(path))
            throw new BadInputException($"{path} does not exist. Give a model folder that holds {SingleName} or {IndexName}.");
        if (File.Exists(Path.Combine(path, SingleName))) return SafetensorsFile.Open(Path.Combine(path, SingleName));
        if (File.Exists(Path.Combine(path, IndexName))) return ShardedWeights.Open(Path.Combine(path, IndexName));
        var pickle = Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).FirstOrDefault(IsPickle);
        throw pickle is null
            ? new BadInputException($"{path} holds neither {SingleName} nor {IndexName}. Give a model folder with safetensors weights.")
            : RefusePickle(pickle);
    }

    /// <summary>
    /// Writes <c>model.safetensors</c>, or shards and their index when the tensors exceed <paramref name="shardBytes"/> together. Shards
    /// are filled in the order given. Weights of the other layout that lay in the folder are removed afterwards.
    /// </summary>
    /// <exception cref="IOException">The disk is full or failing.</exception>
    public static void Write(string folder, IReadOnlyList<(string Name, Tensor Value)> tensors, long shardBytes = DefaultShardBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardBytes);
        Directory.CreateDirectory(folder);
        var shards = Split(tensors, shardBytes);
        if (shards.Count == 1)
        {
            SafetensorsWriter.Write(Path.Combine(folder, SingleName), shards[0], SafetensorsWriter.PyTorchMetadata);
            File.Delete(Path.Combine(folder, IndexName));
            return;
        }
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < shards.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:D5}-of-{shards.Count:D5}.safetensors");
            SafetensorsWriter.Write(Path.Combine(folder, name), shards[i], SafetensorsWriter.PyTorchMetadata);
            foreach (var (tensor, _) in shards[i]) map.Add(tensor, name);
        }
        var total = tensors.Sum(t => SafetensorsWriter.SizeInBytes(t.Value));
        AtomicFile.Write(Path.Combine(folder, IndexName), Index(map, total), Disk.Real);
        File.Delete(Path.Combine(folder, SingleName));
    }

    private static List<List<(string Name, Tensor Value)>> Split(IReadOnlyList<(string Name, Tensor Value)> tensors, long shardBytes)
    {
        var shards = new List<List<(string, Tensor)>> { new() };
        long filled = 0;
        foreach (var tensor in tensors)
        {
            var bytes = SafetensorsWriter.SizeInBytes(tensor.Value);
            if (shards[^1].Count > 0 && filled + bytes > shardBytes)
            {
                shards.Add([]);
                filled = 0;
            }
            shards[^1].Add(tensor);
            filled += bytes;
        }
        return shards;
    }

    private static byte[] Index(SortedDictionary<string, string> map, long total)
    {
        var index = new { metadata = new { total_size = total }, weight_map = map };
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(index, Indented) + "\n");
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private static bool IsPickle(string path) => Path.GetExtension(path) is ".bin" or ".pt" or ".pth" or ".ckpt";

    private static BadInputException RefusePickle(string path) => new(
        $"{path} looks like a PyTorch pickle, which can run code when it is read, so only safetensors files are accepted. " +
        "Download the model's safetensors version, or convert it where you trust it with transformers' save_pretrained.");
}
