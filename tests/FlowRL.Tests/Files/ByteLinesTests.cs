using System.Text;
using CsCheck;
using FlowRL.Files;

namespace FlowRL.Tests.Files;

public sealed class ByteLinesTests
{
    [Fact]
    public void A_line_too_long_to_hold_is_skipped_over()
    {
        using var stream = new MemoryStream([.. "short\n"u8, .. Enumerable.Repeat((byte)'x', 1 << 20), (byte)'\n', .. "last"u8]);
        Assert.Equal([(1L, "short"), (2L, null), (3L, "last")],
            ByteLines.Read(stream, 1 << 17).Select(line => (line.Number, line.Line is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null)).ToList());
    }

    [Fact]
    public void Lines_come_out_as_they_went_in() => Gen.String[Gen.OneOf([.. "abc"]), 0, 40].Array[1, 30].Sample(lines =>
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var read = ByteLines.Read(stream, 1 << 16).Select(line => Encoding.UTF8.GetString(line.Line!.Value.Span)).ToList();
        Assert.Equal(lines[^1] == "" ? lines[..^1] : lines, read);
    });

    [Fact]
    public void What_comes_after_the_last_line_feed_may_be_no_line()
    {
        using var stream = new MemoryStream("a\nb\nc"u8.ToArray());
        Assert.Equal(["a", "b"], ByteLines.Read(stream, 1 << 16, isEnded: true).Select(line => Encoding.UTF8.GetString(line.Line!.Value.Span)).ToList());
    }
}
