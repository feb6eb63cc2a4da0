using System.IO.Compression;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Tokenization;

/// <summary>The published tokenizers that golden cases are known for, unpacked once for all tests.</summary>
public static class GoldenTokenizers
{
    private static readonly Lazy<PretrainedTokenizer> LazyGpt2 = new(() => Unpack("gpt2"));
    private static readonly Lazy<PretrainedTokenizer> LazyQwen3 = new(() => Unpack("qwen3"));

    internal static PretrainedTokenizer Gpt2 => LazyGpt2.Value;

    internal static PretrainedTokenizer Qwen3 => LazyQwen3.Value;

    public static string PathOf(params string[] parts) =>
        Path.Combine([AppContext.BaseDirectory, "Golden", "tokenizers", .. parts]);

    private static PretrainedTokenizer Unpack(string name)
    {
        using var folder = new TemporaryFolder();
        using (var packed = new GZipStream(File.OpenRead(PathOf(name, "tokenizer.json.gz")), CompressionMode.Decompress))
        using (var file = File.Create(folder.In("tokenizer.json")))
            packed.CopyTo(file);
        File.Copy(PathOf(name, "tokenizer_config.json"), folder.In("tokenizer_config.json"));
        return PretrainedTokenizer.Load(folder.Path);
    }
}
