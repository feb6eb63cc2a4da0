using System.Text.Json;
using FlowRL.Files;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>Several safetensors files and the index that says which tensor lies in which: Hugging Face's sharded layout.</summary>
internal sealed class ShardedWeights : IWeightSource
{
    private readonly string _indexPath;
    private readonly Dictionary<string, SafetensorsFile> _shards;
    private readonly Dictionary<string, SafetensorsFile> _byName;

    private ShardedWeights(
        string indexPath, Dictionary<string, SafetensorsFile> shards, Dictionary<string, SafetensorsFile> byName) =>
        (_indexPath, _shards, _byName) = (indexPath, shards, byName);

    public IReadOnlyCollection<string> Names => _byName.Keys;

    public static ShardedWeights Open(string indexPath) =>
        InputFile.ReadJson(indexPath, "the index of a sharded model", root => Open(indexPath, root));

    private static ShardedWeights Open(string indexPath, JsonElement root)
    {
        if (!root.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw new BadInputException($"{indexPath} has no 'weight_map' object. Copy or download it again.");
        var shards = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        try
        {
            var byName = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
            foreach (var property in map.EnumerateObject())
            {
                var shardName = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : "";
                byName.Add(property.Name, OpenShard(shards, indexPath, property.Name, shardName));
            }
            return new ShardedWeights(indexPath, shards, byName);
        }
        catch
        {
            foreach (var shard in shards.Values) shard.Dispose();
            throw;
        }
    }

    public Tensor Read(string name) => _byName.TryGetValue(name, out var shard)
        ? shard.Read(name)
        : throw new BadInputException($"{_indexPath} names no tensor '{name}'. Use weights that fit the model's config.json.");

    public void Dispose()
    {
        foreach (var shard in _shards.Values) shard.Dispose();
    }

    private static SafetensorsFile OpenShard(Dictionary<string, SafetensorsFile> shards, string indexPath, string tensor, string shardName)
    {
        if (!shards.TryGetValue(shardName, out var shard))
        {
            if (shardName.Length == 0 || shardName is "." or ".." || shardName.AsSpan().IndexOfAny("/\\:\0") >= 0)
                throw new BadInputException(
                    $"{indexPath} places '{tensor}' in '{shardName}'; a shard is a file name in the same folder. Do not use this model.");
            var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(indexPath))!, shardName);
            if (!File.Exists(path))
                throw new BadInputException($"{indexPath} needs {shardName}, which is not beside it. Download that file too.");
            shards.Add(shardName, shard = SafetensorsFile.Open(path));
        }
        return shard.Names.Contains(tensor)
            ? shard
            : throw new BadInputException($"{indexPath} places '{tensor}' in {shardName}, which does not hold it. Download both again.");
    }
}
