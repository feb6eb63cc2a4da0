using System.Text;
using CsCheck;
using FlowRL.Checkpoints;
using FlowRL.Tests.Files;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints;

public sealed class SafetensorsDamageTests : IDisposable
{
    private const string Advice = "The file is damaged or no safetensors file: copy or download it again.";
    private const string Json = "0129{}[]\",:-e. \\";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "gives 'a' 4 bytes where its shape and type need 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "holds 8 bytes of data where its header needs 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "starts 'a' at byte 4 of its data where 0 is next")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6,
        "starts 'b' at byte 2 of its data where 4 is next")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 0,
        "names 'a' twice in its header")]
    [InlineData(
        """{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1,
        "holds 'a' as 'F8_E4M3'; the types that can be read are I64, F64, F32, I32, BF16, F16, I16, I8, U8, BOOL")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,0]}}""", 0,
        "gives 'a' a shape that no file can hold")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4,
        "has something else than a whole number from 0 on in the shape of 'a', at byte 29 of its header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "lacks dtype, shape or two data_offsets in the entry of 'a'")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32"}}""", 4, "has 'dtype' twice or out of place in the entry of 'a'")]
    [InlineData("[]", 0, "has a StartArray where the header must be a StartObject, at byte 0 of its header")]
    [InlineData(
        """{"__metadata__":{"format":1}}""", 0, "has a Number where __metadata__.format must be a String, at byte 26 of its header")]
    public void A_wrong_header_is_named(string header, int dataBytes, string problem)
    {
        var path = _folder.Write("bad.safetensors", FileBytes(header, dataBytes));
        Assert.Equal($"{path} {problem}. {Advice}", Message(path));
    }

    [Fact]
    public void A_header_that_is_no_JSON_is_named()
    {
        var path = _folder.Write("bad.safetensors", FileBytes("""{"a" 1}""", 0));
        Assert.StartsWith(
            $"{path}: the header is not valid JSON: '1' is invalid after a property name.", Message(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_off_file_says_how_much_is_missing()
    {
        var whole = File.ReadAllBytes(GoldenFiles.Path("verl-arith", "model.safetensors"));
        var path = _folder.In("cut.safetensors");
        File.WriteAllBytes(path, whole[..5]);
        Assert.Equal($"{path} is 5 bytes long and cannot be a safetensors file. {Advice}", Message(path));
        File.WriteAllBytes(path, whole[..1000]);
        Assert.Equal($"{path} ends inside its header: 4112 bytes are announced, 992 are there. {Advice}", Message(path));
        File.WriteAllBytes(path, whole[..^1]);
        Assert.Equal($"{path} holds 1591551 bytes of data where its header needs 1591552. {Advice}", Message(path));
    }

    [Fact]
    public void A_hostile_length_is_refused_before_memory_is_asked_for()
    {
        var path = _folder.Write("big.safetensors", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, (byte)'{', (byte)'}']);
        Assert.Equal(
            $"{path} says that its header is 9223372036854775807 bytes long; at most 100000000 are allowed. {Advice}", Message(path));
    }

    [Fact]
    public void A_missing_file_and_a_missing_tensor_are_named()
    {
        var path = _folder.In("none.safetensors");
        Assert.Equal($"{path} does not exist. Give the path of a file with weights.", Message(path));
        _folder.Write("none.safetensors", FileBytes("{}", 0));
        using var file = SafetensorsFile.Open(path);
        Assert.Equal(
            $"{path} holds no tensor 'w'. Use weights that fit the model's config.json.",
            Assert.Throws<BadInputException>(() => file.Read("w")).Message);
    }

    [Fact]
    public void A_mutated_header_is_read_or_refused_and_asks_for_little_memory()
    {
        var valid = FileBytes(
            """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}""" +
            ""","b":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]},"c":{"dtype":"U8","shape":[],"data_offsets":[22,23]}}""", 23);
        var path = _folder.In("mutant.safetensors");
        var replacement = Gen.OneOf(Gen.Byte, Gen.Int[0, Json.Length - 1].Select(i => (byte)Json[i]));
        var mutation = Gen.Select(Gen.Int[0, valid.Length - 1], replacement);
        var (read, refused) = (0, 0);
        Gen.Select(mutation.Array[1, 3], Gen.Int[0, valid.Length * 4]).Sample((mutations, cut) =>
        {
            var bytes = (byte[])valid.Clone();
            foreach (var (place, value) in mutations) bytes[place] = value;
            File.WriteAllBytes(path, cut < bytes.Length ? bytes[..cut] : bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = SafetensorsFile.Open(path);
                foreach (var name in file.Names) file.Read(name).Dispose();
                read++;
            }
            catch (BadInputException)
            {
                refused++;
            }
            return GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000;
        }, iter: 5000, threads: 1);
        Assert.True(read > 50 && refused > 50, $"{read} read, {refused} refused");
    }

    [Fact]
    public void A_full_disk_leaves_the_earlier_file_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        var path = _folder.Write("model.safetensors", "earlier");
        var thrown = Assert.Throws<IOException>(() =>
            SafetensorsWriter.Write(path, [("w", zeros(1000))], null, new FullDisk(freeBytes: 2000)));
        Assert.Equal(
            $"{path} could not be saved; it needs 4072 bytes: No space left on device. " +
            "Free some space or choose another folder; what was saved before is untouched.", thrown.Message);
        Assert.Equal(["model.safetensors"], _folder.FileNames());
        Assert.Equal("earlier", File.ReadAllText(path));
    }

    private static string Message(string path) => Assert.Throws<BadInputException>(() => SafetensorsFile.Open(path).Dispose()).Message;

    private static byte[] FileBytes(string header, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[dataBytes]];
    }
}
