using System.Runtime.InteropServices;
using FlowRL.Checkpoints;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Checkpoints.Gguf.Blocks;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Checkpoints.Gguf;

public sealed class BlockFormatTests
{
    private static readonly string[] Readable =
        ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "MXFP4"];

    public static TheoryData<string> Read => [.. Readable];

    public static TheoryData<string> Refused => [.. Directory.GetFiles(GoldenGguf.Path("types"), "*.gguf")
        .Select(path => Path.GetFileNameWithoutExtension(path).ToUpperInvariant()).Except(Readable).Order()];

    [Theory]
    [MemberData(nameof(Read))]
    public void Each_format_is_read_to_the_last_bit(string format)
    {
        using var file = GgufFile.Open(GoldenGguf.Path("types", $"{format.ToLowerInvariant()}.gguf"));
        using var values = file.Read("m.weight");
        using var types = SafetensorsFile.Open(GoldenGguf.Path("types.safetensors"));
        using var expected = types.Read(format);
        Assert.Equal(format, file.Find("m.weight")!.Format.Name);
        Assert.Equal(expected.shape, values.shape);
        Assert.Equal(MemoryMarshal.Cast<byte, uint>(expected.bytes).ToArray(), MemoryMarshal.Cast<byte, uint>(values.bytes).ToArray());
        Assert.Equal(GoldenGguf.Of($"types/{format.ToLowerInvariant()}").GetProperty("sha256_f32").GetString(), GoldenGguf.Sha256(values));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_format_that_cannot_be_read_is_named(string format)
    {
        var path = GoldenGguf.Path("types", $"{format.ToLowerInvariant()}.gguf");
        using var file = GgufFile.Open(path);
        Assert.Equal($"{path} stores 'm.weight' as {format}; the types that can be read are {string.Join(", ", Readable)}. Take a file of one of these.",
            Assert.Throws<BadInputException>(() => file.Read("m.weight")).Message);
    }

    [Fact]
    public void There_are_fourteen_that_can_be_read_and_twelve_that_cannot()
    {
        Assert.Equal(14, Readable.Length);
        Assert.Equal(12, Refused.Count);
    }

    /// <summary>The package that wrote the golden files quantised one set of numbers in each way: ours are the same bytes.</summary>
    [Theory]
    [InlineData("f16")]
    [InlineData("bf16")]
    [InlineData("q8_0")]
    [InlineData("q4_0")]
    [InlineData("q4_1")]
    [InlineData("q5_0")]
    [InlineData("q5_1")]
    public void Each_format_is_written_as_the_reference_writes_it(string format)
    {
        using var source = GgufFile.Open(GoldenGguf.Path("tiny-f32.gguf"));
        var path = GoldenGguf.Path($"tiny-{format}.gguf");
        using var target = GgufFile.Open(path);
        var bytes = File.ReadAllBytes(path);
        foreach (var tensor in target.Header.Tensors)
        {
            using var numbers = source.Read(tensor.Name);
            var written = new byte[tensor.Bytes];
            tensor.Format.WriteAll(MemoryMarshal.Cast<byte, float>(numbers.bytes), written);
            Assert.True(bytes.AsSpan((int)tensor.Start, written.Length).SequenceEqual(written), tensor.Name);
        }
    }

    public static TheoryData<string> Written => ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"];

    /// <summary>What a format holds exactly comes back as it went in, and is written again in the same bytes.</summary>
    [Theory]
    [MemberData(nameof(Written))]
    public void What_was_read_is_written_in_the_same_numbers(string name)
    {
        using var folder = new TemporaryFolder();
        using var source = GgufFile.Open(GoldenGguf.Path($"tiny-{name.ToLowerInvariant()}.gguf"));
        var tensor = source.Header.Tensors.First(t => t.Format.Name == name && t.Shape.Length == 2);
        using var values = source.Read(tensor.Name);
        var path = folder.In("again.gguf");
        GgufWriter.Write(path, new Dictionary<string, object> { ["general.architecture"] = "llama" }, [new("m", tensor.Format, tensor.Shape, () => values.clone())]);
        using var again = GgufFile.Open(path);
        using var back = again.Read("m");
        // A block whose extreme is shared by both signs may be stored from its other end: numbers within a step are what a second rounding gives.
        var step = name.StartsWith('Q') ? values.abs().max().item<float>() / 8 : 0;
        Assert.InRange((values - back).abs().max().item<float>(), 0, step);
        Assert.Equal(0, new FileInfo(path).Length % GgufHeader.DefaultAlignment);
    }

    [Fact]
    public void Zeros_and_the_smallest_numbers_are_written_as_numbers()
    {
        foreach (var format in new[] { BlockFormats.Q8_0, BlockFormats.Q4_0, BlockFormats.Q4_1, BlockFormats.Q5_0, BlockFormats.Q5_1 })
        {
            foreach (var value in new[] { 0f, 1e-42f, -1e-42f, 1e-8f })
            {
                var block = new byte[format.Bytes];
                var back = new float[format.Length];
                format.WriteAll(Enumerable.Repeat(value, format.Length).ToArray(), block);
                format.ReadAll(block, back, bigEndian: false);
                Assert.All(back, number => Assert.InRange(number, -1e-6f, 1e-6f));
            }
        }
    }
}
