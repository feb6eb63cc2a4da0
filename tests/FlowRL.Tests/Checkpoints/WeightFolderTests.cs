using FlowRL.Checkpoints;
using FlowRL.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints;

public sealed class WeightFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_beyond_the_shard_size_are_sharded_and_read_back()
    {
        _folder.Write("model.safetensors", "an earlier model");
        WriteThree(shardBytes: 20);
        Assert.Equal(
            ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json"], _folder.FileNames());
        Assert.Equal(
            """
            {
              "metadata": {
                "total_size": 32
              },
              "weight_map": {
                "a": "model-00001-of-00002.safetensors",
                "b": "model-00001-of-00002.safetensors",
                "c": "model-00002-of-00002.safetensors"
              }
            }

            """, File.ReadAllText(_folder.In("model.safetensors.index.json")));
        AssertThree();
    }

    [Fact]
    public void Tensors_within_the_shard_size_are_one_file()
    {
        _folder.Write("model.safetensors.index.json", "an earlier model");
        WriteThree(shardBytes: 32);
        Assert.Equal(["model.safetensors"], _folder.FileNames());
        AssertThree();
    }

    [Fact]
    public void Reading_shards_leaves_no_tensor_behind()
    {
        WriteThree(shardBytes: 20);
        DisposeScopeManager.Statistics.Reset();
        using (var source = WeightFolder.Open(_folder.Path))
            foreach (var name in source.Names) source.Read(name).Dispose();
        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData("../secret.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("a\\\\b")]
    public void A_shard_outside_the_folder_is_refused(string shard)
    {
        var index = _folder.Write("model.safetensors.index.json", $$$"""{"weight_map":{"w":"{{{shard}}}"}}""");
        Assert.Equal(
            $"{index} places 'w' in '{shard.Replace(@"\\", @"\")}'; a shard is a file name in the same folder. Do not use this model.",
            Message());
    }

    [Fact]
    public void A_missing_shard_and_a_missing_tensor_are_named()
    {
        WriteThree(shardBytes: 20);
        var index = _folder.In("model.safetensors.index.json");
        File.Delete(_folder.In("model-00002-of-00002.safetensors"));
        Assert.Equal($"{index} needs model-00002-of-00002.safetensors, which is not beside it. Download that file too.", Message());
        File.Copy(_folder.In("model-00001-of-00002.safetensors"), _folder.In("model-00002-of-00002.safetensors"));
        Assert.Equal(
            $"{index} places 'c' in model-00002-of-00002.safetensors, which does not hold it. Download both again.", Message());
    }

    [Fact]
    public void A_damaged_index_is_named()
    {
        var index = _folder.Write("model.safetensors.index.json", "{}");
        Assert.Equal($"{index} has no 'weight_map' object. Copy or download it again.", Message());
        _folder.Write("model.safetensors.index.json", "[]");
        Assert.Equal($"{index} is not a JSON object. Give the path of a file with the index of a sharded model.", Message());
        _folder.Write("model.safetensors.index.json", """{"weight_map":{"w":"\ud800"}}""");
        Assert.StartsWith($"{index} has half a character (\\ud800, a surrogate without its other half) at ", Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void Pickles_are_refused_with_what_to_do()
    {
        var pickle = _folder.Write("pytorch_model.bin", "cos\nsystem");
        Assert.Equal(
            $"{pickle} looks like a PyTorch pickle, which can run code when it is read, so only safetensors files are accepted. " +
            "Download the model's safetensors version, or convert it where you trust it with transformers' save_pretrained.", Message());
    }

    [Fact]
    public void A_folder_without_weights_says_what_it_should_hold() => Assert.Equal(
        $"{_folder.Path} holds neither model.safetensors nor model.safetensors.index.json. Give a model folder with safetensors weights.",
        Message());

    private string Message() => Assert.Throws<BadInputException>(() => WeightFolder.Open(_folder.Path).Dispose()).Message;

    private void WriteThree(long shardBytes)
    {
        using var scope = NewDisposeScope();
        WeightFolder.Write(
            _folder.Path, [("a", tensor(new[] { 1f, 2 })), ("b", tensor(new[] { 3f, 4 })), ("c", tensor(new[] { 5f, 6, 7, 8 }))],
            shardBytes);
    }

    private void AssertThree()
    {
        using var scope = NewDisposeScope();
        using var source = WeightFolder.Open(_folder.Path);
        Assert.Equal(["a", "b", "c"], source.Names.Order());
        Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 8], new[] { "a", "b", "c" }.SelectMany(n => source.Read(n).data<float>().ToArray()));
    }
}
