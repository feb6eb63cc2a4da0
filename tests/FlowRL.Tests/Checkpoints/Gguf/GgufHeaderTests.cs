using System.Text.Json;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Checkpoints.Gguf;

public sealed class GgufHeaderTests : IDisposable
{
    private const string Damaged = "The file is damaged or no GGUF file: copy or download it again.";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("metadata")]
    [InlineData("version-2")]
    [InlineData("metadata-nested")]
    public void Every_kind_of_value_is_read(string name)
    {
        var golden = JsonDocument.Parse(File.ReadAllBytes(GoldenGguf.Path("metadata.json"))).RootElement;
        using var file = GgufFile.Open(GoldenGguf.Path($"{name}.gguf"));
        foreach (var pair in golden.GetProperty("metadata").EnumerateObject())
            Assert.Equal(Normal(pair.Value.GetProperty("value").GetRawText()), Normal(Written(file.Metadata.Values[pair.Name])));
        Assert.Equal(name == "metadata-nested", file.Metadata.Has("test.array.nested"));
        if (name == "metadata-nested") Assert.Equal("[[1,2],[3]]", Written(file.Metadata.Values["test.array.nested"]));
        using var four = file.Read("four-dimensions");
        Assert.Equal([1, 2, 3, 4], four.shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), four.data<float>());
        using var single = file.Read("scalar-like");
        Assert.Equal(1.5f, single.item<float>());
        Assert.StartsWith($"{file.Path} stores 'int64' as I64; the types that can be read are F32, ",
            Assert.Throws<BadInputException>(() => file.Read("int64")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_are_written_as_they_were_read()
    {
        using var source = GgufFile.Open(GoldenGguf.Path("metadata-nested.gguf"));
        GgufWriter.Write(_folder.In("again.gguf"), source.Metadata.Values, []);
        using var again = GgufFile.Open(_folder.In("again.gguf"));
        Assert.Equal(source.Metadata.Values.Keys, again.Metadata.Values.Keys);
        foreach (var (key, value) in source.Metadata.Values)
        {
            Assert.Equal(value.GetType(), again.Metadata.Values[key].GetType());
            Assert.Equal(Written(value), Written(again.Metadata.Values[key]));
        }
        Assert.InRange(source.Metadata.Values.Count, 22, int.MaxValue);
    }

    public static TheoryData<byte[], string> Wrong => new()
    {
        { [], "is no GGUF file: it does not begin with 'GGUF' and is 0 bytes long; where it stands for a file of Git LFS, fetch that with 'git lfs pull'." },
        {
            "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 98362432\n"u8.ToArray(),
            "is no GGUF file: it does not begin with 'GGUF' and is 71 bytes long; where it stands for a file of Git LFS, fetch that with 'git lfs pull'."
        },
        { new byte[2000], "is no GGUF file: it does not begin with 'GGUF'; copy or download it again." },
        { GgufBytes.Start(version: 1).ToArray(), "is a GGUF file of version 1, and versions 2 and 3 can be read. Convert it with a current llama.cpp." },
        { GgufBytes.Start(version: 4).ToArray(), "is a GGUF file of version 4, and versions 2 and 3 can be read. Convert it with a current llama.cpp." },
        { "GGUF"u8.ToArray(), $"ends inside the version, at byte 4. {Damaged}" },
        {
            GgufBytes.Start(tensors: 1UL << 63).ToArray(),
            $"announces 9223372036854775808 tensors, which cannot be in the 8 bytes that are left, at byte 8. {Damaged}"
        },
        {
            GgufBytes.Start(pairs: 1UL << 63).ToArray(),
            $"announces 9223372036854775808 pairs of metadata, which cannot be in the 0 bytes that are left, at byte 16. {Damaged}"
        },
        {
            GgufBytes.Start(pairs: 1).U64(1UL << 63).Raw(new byte[20]).ToArray(),
            $"says that key 1 of 1 is 9223372036854775808 bytes long, where 20 are left, at byte 24. {Damaged}"
        },
        { GgufBytes.Start(pairs: 2).Pair("a.b", 1).Pair("a.b", 2).ToArray(), $"names 'a.b' twice in its metadata, at byte 43. {Damaged}" },
        { GgufBytes.Start(pairs: 1).Text("a").U32(13).Raw(new byte[8]).ToArray(), $"gives 'a' the type 13, which does not exist, at byte 33. {Damaged}" },
        { GgufBytes.Start(pairs: 1).Text("a").U32(7).Raw([2]).ToArray(), $"has the truth value 2 in 'a', which must be 0 or 1, at byte 37. {Damaged}" },
        { GgufBytes.Start(pairs: 1).U64(2).Raw([0xC3, 0x28]).Raw(new byte[8]).ToArray(), $"has key 1 of 1 that is not UTF-8, at byte 24. {Damaged}" },
        {
            GgufBytes.Start(pairs: 1).Text("a").U32(9).U32(8).U64(1UL << 60).ToArray(),
            $"announces 1152921504606846976 values of 'a', which cannot be in the 0 bytes that are left, at byte 41. {Damaged}"
        },
        {
            GgufBytes.Start(pairs: 1).Text("a").U32(9).U32(9).U64(1).U32(9).U64(1).U32(9).U64(1).U32(9).U64(1).U32(9).U64(1).Raw(new byte[40]).ToArray(),
            $"has arrays within arrays deeper than 4 in 'a', at byte 85. {Damaged}"
        },
        {
            GgufBytes.Start(tensors: 1).Tensor("t", 0, 0, 1, 1, 1, 1, 1).ToArray(),
            $"gives 't' 5 dimensions, where 1 to 4 are possible, at byte 33. {Damaged}"
        },
        { GgufBytes.Start(tensors: 1).Tensor("t", 0, 0, 0, 4).ToArray(), $"gives 't' a shape that no file can hold, at byte 33. {Damaged}" },
        { GgufBytes.Start(tensors: 1).Tensor("t", 0, 0, 1UL << 32, 1UL << 31).ToArray(), $"gives 't' a shape that no file can hold, at byte 33. {Damaged}" },
        {
            GgufBytes.Start(tensors: 1).Tensor("t", 99, 0, 32).ToArray(),
            "stores 't' as type 99, which is not known here; the types that can be read are F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, " +
            $"Q5_K, Q6_K, MXFP4, at byte 45. {Damaged}"
        },
        {
            GgufBytes.Start(tensors: 1).Tensor("t", 8, 0, 33).ToArray(),
            $"stores 't' as Q8_0, whose blocks of 32 do not fill rows of 33, at byte 45. {Damaged}"
        },
        { GgufBytes.Start(tensors: 2).Tensor("t", 0, 0, 4).Tensor("t", 0, 32, 4).Data(64).ToArray(), $"names the tensor 't' twice, at byte 57. {Damaged}" },
        {
            GgufBytes.Start(tensors: 1).Tensor("t", 0, 16, 4).Data(64).ToArray(),
            "has a tensor that does not begin at a multiple of 32: 't' has 16 bytes from byte 80 on. Copy or download it again."
        },
        {
            GgufBytes.Start(tensors: 2).Tensor("t", 0, 0, 9).Tensor("u", 0, 32, 4).Data(64).ToArray(),
            "has two tensors in one place, with 't': 'u' has 16 bytes from byte 128 on. Copy or download it again."
        },
        {
            GgufBytes.Start(tensors: 1).Tensor("t", 0, 0, 17).Data(64).ToArray(),
            "ends at byte 128, inside a tensor: 't' has 68 bytes from byte 64 on. Copy or download it again."
        },
        {
            GgufBytes.Start(tensors: 1).Tensor("t", 0, ulong.MaxValue - 31, 4).Data(64).ToArray(),
            "has a tensor that does not begin at a multiple of 32: 't' has 16 bytes from byte 9223372036854775871 on. Copy or download it again."
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_header_is_named_with_its_place(byte[] content, string problem)
    {
        var path = _folder.Write("bad.gguf", content);
        Assert.Equal($"{path} {problem}", Assert.Throws<BadInputException>(() => GgufFile.Open(path)).Message);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(3, "3")]
    public void An_alignment_that_is_no_power_of_two_is_named(uint alignment, string shown)
    {
        var path = _folder.Write("bad.gguf", GgufBytes.Start(pairs: 1).Pair("general.alignment", alignment).ToArray());
        Assert.Equal($"{path}: 'general.alignment' is {shown} and must be a power of two. Copy or download the file again, or take one from another source.",
            Assert.Throws<BadInputException>(() => GgufFile.Open(path)).Message);
    }

    [Fact]
    public void An_alignment_beyond_every_file_is_named()
    {
        var path = _folder.Write("bad.gguf", GgufBytes.Start(pairs: 1).Text("general.alignment").U32(10).U64(1UL << 40).ToArray());
        Assert.Contains("'general.alignment' is 1099511627776 and must be a power of two.",
            Assert.Throws<BadInputException>(() => GgufFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_alignment_moves_tensors()
    {
        using var file = GgufFile.Open(GoldenGguf.Path("align-64.gguf"));
        Assert.All(file.Header.Tensors, tensor => Assert.Equal(0, tensor.Start % 64));
    }

    [Fact]
    public void A_number_that_is_not_finite_is_named_with_its_block()
    {
        var bytes = File.ReadAllBytes(GoldenGguf.Path("types", "q4_0.gguf"));
        long start;
        using (var whole = GgufFile.Open(GoldenGguf.Path("types", "q4_0.gguf"))) start = whole.Find("m.weight")!.Start;
        (bytes[start + 18 * 7], bytes[start + 18 * 7 + 1]) = (0x00, 0x7E);
        var path = _folder.Write("bad.gguf", bytes);
        using var file = GgufFile.Open(path);
        Assert.Equal($"{path}: 'm.weight' holds NaN in the block at byte {start + 18 * 7}. Copy or download the file again.",
            Assert.Throws<BadInputException>(() => file.Read("m.weight")).Message);
    }

    [Fact]
    public void Every_cut_of_a_file_is_named()
    {
        var whole = File.ReadAllBytes(GoldenGguf.Path("metadata.gguf"));
        for (var length = 0; length < whole.Length - 24; length += 3)
        {
            var path = _folder.Write("cut.gguf", whole[..length]);
            Assert.StartsWith(path, Assert.Throws<BadInputException>(() => GgufFile.Open(path)).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Values as JSON has them.</summary>
    private static string Written(object value) => value is GgufArray array
        ? $"[{string.Join(',', array.Items.Cast<object>().Select(Written))}]" : JsonSerializer.Serialize(value);

    /// <summary>The same text for the same value: a float of 4 bytes has fewer digits than one of 8.</summary>
    private static string Normal(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind switch
        {
            JsonValueKind.Array => $"[{string.Join(',', document.RootElement.EnumerateArray().Select(item => Normal(item.GetRawText())))}]",
            JsonValueKind.Number when json.AsSpan().IndexOfAny(".eE") >= 0 => document.RootElement.GetDouble().ToString("R"),
            JsonValueKind.String => document.RootElement.GetString()!,
            _ => json,
        };
    }
}
