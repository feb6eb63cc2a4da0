using System.Text;
using FlowRL.Telemetry;
using FlowRL.Tests.Support;
using Google.Protobuf;

namespace FlowRL.Tests.Telemetry;

/// <summary>The files are read back with Google's protocol-buffer reader, and the checksums against published values.</summary>
public sealed class TensorBoardLogTests
{
    [Fact]
    public void Scalars_read_back()
    {
        using var folder = new TemporaryFolder();
        using (var log = new TensorBoardLog(folder.In("tb")))
        {
            log.Report(new StepReport(1, 300, 0, 0, new Dictionary<string, double> { ["reward"] = 0.25, ["log_z"] = -1.5 }));
            var open = Directory.GetFiles(folder.In("tb")).Single();
            Assert.Equal(2, Events(open).Count);
            log.Report(new StepReport(300, 300, 0, 0, new Dictionary<string, double> { ["reward"] = double.NaN }));
        }
        var events = Events(Directory.GetFiles(folder.In("tb")).Single());
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal((1, "reward=0.25 log_z=-1.5"), (events[1].Step, events[1].Scalars));
        Assert.Equal((300, "reward=NaN"), (events[2].Step, events[2].Scalars));
        Assert.All(events, e => Assert.InRange(e.WallTime, 1.7e9, 1e11));
    }

    [Fact]
    public void A_resumed_run_begins_a_second_file_that_takes_back_later_steps()
    {
        using var folder = new TemporaryFolder();
        new TensorBoardLog(folder.In("tb")).Dispose();
        new TensorBoardLog(folder.In("tb"), afterStep: 20).Dispose();
        var files = Directory.GetFiles(folder.In("tb")).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, files.Length);
        Assert.DoesNotContain(Events(files[0]), e => e.IsSessionStart);
        Assert.Equal(21, Events(files[1]).Single(e => e.IsSessionStart).Step);
    }

    // Published check values of CRC-32C: RFC 3720, appendix B.4, and the customary one of "123456789".
    [Theory]
    [InlineData("313233343536373839", 0xE3069283u)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AAu)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x62A8AB43u)]
    public void Checksums_are_masked_crc32c(string hex, uint crc) => Assert.Equal(
        ((crc >> 15) | (crc << 17)) + 0xA282EAD8u, TensorBoardRecord.MaskedCrc(Convert.FromHexString(hex)));

    private sealed record Event(double WallTime, long Step, string Version, string Scalars, bool IsSessionStart);

    private static List<Event> Events(string path)
    {
        using var file = new BinaryReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var events = new List<Event>();
        while (file.BaseStream.Position < file.BaseStream.Length)
        {
            var length = file.ReadBytes(8);
            Assert.Equal(TensorBoardRecord.MaskedCrc(length), file.ReadUInt32());
            var data = file.ReadBytes((int)BitConverter.ToUInt64(length));
            Assert.Equal(TensorBoardRecord.MaskedCrc(data), file.ReadUInt32());
            events.Add(Read(data));
        }
        return events;
    }

    private static Event Read(byte[] data)
    {
        var (wallTime, step, version, scalars, isStart) = (0.0, 0L, "", "", false);
        var input = new CodedInputStream(data);
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            if (tag == Tag(1, WireFormat.WireType.Fixed64)) wallTime = input.ReadDouble();
            else if (tag == Tag(2, WireFormat.WireType.Varint)) step = input.ReadInt64();
            else if (tag == Tag(3, WireFormat.WireType.LengthDelimited)) version = input.ReadString();
            else if (tag == Tag(5, WireFormat.WireType.LengthDelimited)) scalars = Summary(input.ReadBytes());
            else if (tag == Tag(7, WireFormat.WireType.LengthDelimited)) isStart = input.ReadBytes().ToByteArray() is [8, 1];
            else Assert.Fail($"unexpected tag {tag}");
        }
        return new Event(wallTime, step, version, scalars, isStart);
    }

    private static string Summary(ByteString bytes)
    {
        var text = new StringBuilder();
        var input = bytes.CreateCodedInput();
        while (input.ReadTag() == Tag(1, WireFormat.WireType.LengthDelimited))
        {
            var value = input.ReadBytes().CreateCodedInput();
            Assert.Equal(Tag(1, WireFormat.WireType.LengthDelimited), value.ReadTag());
            text.Append(value.ReadString()).Append('=');
            Assert.Equal(Tag(2, WireFormat.WireType.Fixed32), value.ReadTag());
            text.Append(value.ReadFloat().ToString(System.Globalization.CultureInfo.InvariantCulture)).Append(' ');
        }
        return text.ToString().TrimEnd();
    }

    private static uint Tag(int field, WireFormat.WireType type) => WireFormat.MakeTag(field, type);
}
