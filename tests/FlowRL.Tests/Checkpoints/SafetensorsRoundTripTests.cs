using System.Buffers.Binary;
using System.Text;
using CsCheck;
using FlowRL.Checkpoints;
using FlowRL.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints;

public sealed class SafetensorsRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_of_the_safetensors_library_comes_back_byte_for_byte()
    {
        var source = GoldenFiles.Path("verl-arith", "model.safetensors");
        Rewrite(source, _folder.In("copy.safetensors"));
        Assert.Equal(File.ReadAllBytes(source), File.ReadAllBytes(_folder.In("copy.safetensors")));
    }

    // Written by hand after the format's description, in the order of the safetensors library: wide types first, then names.
    [Fact]
    public void Types_stand_in_the_librarys_order_and_the_header_is_padded_with_spaces()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(_folder.In("a"), [
            ("u8", tensor(new byte[] { 7 })),
            ("b\"\n\u0001é", tensor(new[] { 1f })),
            ("a", tensor(new[] { 2f })),
            ("i64", tensor(5L)),
            ("none", empty([0, 3], dtype: ScalarType.Float32)),
        ], new OrderedDictionary<string, string> { ["z"] = "1", ["a"] = "2" });
        const string json =
            """{"__metadata__":{"z":"1","a":"2"},"i64":{"dtype":"I64","shape":[],"data_offsets":[0,8]}""" +
            ""","a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}""" +
            ""","b\"\n\u0001é":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}""" +
            ""","none":{"dtype":"F32","shape":[0,3],"data_offsets":[16,16]},"u8":{"dtype":"U8","shape":[1],"data_offsets":[16,17]}}""";
        var text = Encoding.UTF8.GetBytes(json);
        var padded = (text.Length + 7) / 8 * 8;
        byte[] data = [5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0x80, 0x3f, 7];
        byte[] expected = [.. BitConverter.GetBytes((long)padded), .. text, .. Enumerable.Repeat((byte)' ', padded - text.Length), .. data];
        Assert.Equal(expected, File.ReadAllBytes(_folder.In("a")));
        Rewrite(_folder.In("a"), _folder.In("b"));
        Assert.Equal(expected, File.ReadAllBytes(_folder.In("b")));
    }

    [Fact]
    public void Every_bit_pattern_of_the_16_bit_floats_is_kept()
    {
        var bits = new byte[2 * 65536];
        for (var i = 0; i < 65536; i++) BinaryPrimitives.WriteUInt16LittleEndian(bits.AsSpan(2 * i), (ushort)i);
        foreach (var type in new[] { "BF16", "F16" })
        {
            var header = Encoding.UTF8.GetBytes($$$"""{"w":{"dtype":"{{{type}}}","shape":[256,256],"data_offsets":[0,131072]}}""");
            header = [.. header, .. Enumerable.Repeat((byte)' ', (8 - header.Length % 8) % 8)];
            byte[] bytes = [.. BitConverter.GetBytes((long)header.Length), .. header, .. bits];
            var path = _folder.Write(type, bytes);
            Rewrite(path, _folder.In(type + "-copy"));
            Assert.Equal(bytes, File.ReadAllBytes(_folder.In(type + "-copy")));
        }
    }

    [Fact]
    public void Values_of_every_type_are_read_as_they_were_written()
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[]
        {
            ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32,
            ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
        })
        {
            var value = arange(6).reshape(2, 3).to(type);
            SafetensorsWriter.Write(_folder.In("v"), [("v", value)]);
            using var file = SafetensorsFile.Open(_folder.In("v"));
            var read = file.Read("v");
            Assert.Equal(type, read.dtype);
            Assert.Equal([2, 3], read.shape);
            Assert.True(read.eq(value).all().item<bool>());
        }
    }

    [Fact]
    public void A_tensor_larger_than_one_transfer_keeps_every_element()
    {
        using var scope = NewDisposeScope();
        var value = arange(1_500_001, dtype: ScalarType.Int64);
        SafetensorsWriter.Write(_folder.In("large"), [("large", value)]);
        using var file = SafetensorsFile.Open(_folder.In("large"));
        Assert.True(file.Read("large").eq(value).all().item<bool>());
    }

    [Fact]
    public void Strided_and_differentiable_tensors_are_written_in_row_order()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(_folder.In("t"), [("t", arange(6f).reshape(2, 3).requires_grad_().t())]);
        using var file = SafetensorsFile.Open(_folder.In("t"));
        Assert.Equal([0f, 3, 1, 4, 2, 5], file.Read("t").data<float>().ToArray());
    }

    [Fact]
    public void The_order_in_which_tensors_come_changes_nothing() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 1]).Array[1, 8].Sample(sizes =>
        {
            using var scope = NewDisposeScope();
            var tensors = sizes.Select((s, i) => ($"t{i}", arange(s.Item1, dtype: s.Item2 == 0 ? ScalarType.Float32 : ScalarType.BFloat16)))
                .ToArray();
            var (a, b) = (_folder.In(Guid.NewGuid().ToString()), _folder.In(Guid.NewGuid().ToString()));
            SafetensorsWriter.Write(a, tensors);
            SafetensorsWriter.Write(b, [.. tensors.Reverse()]);
            return File.ReadAllBytes(a).SequenceEqual(File.ReadAllBytes(b));
        }, iter: 20, threads: 1);

    [Fact]
    public void Reading_and_writing_leave_no_tensor_behind()
    {
        Rewrite(GoldenFiles.Path("verl-arith", "model.safetensors"), _folder.In("warm"));
        DisposeScopeManager.Statistics.Reset();
        Rewrite(GoldenFiles.Path("verl-arith", "model.safetensors"), _folder.In("copy"));
        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Rewrite(string from, string to)
    {
        using var file = SafetensorsFile.Open(from);
        var tensors = file.Names.Reverse().Select(name => (name, file.Read(name))).ToArray();
        SafetensorsWriter.Write(to, tensors, file.Metadata);
        foreach (var (_, value) in tensors) value.Dispose();
    }
}
