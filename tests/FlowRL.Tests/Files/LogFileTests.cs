using FlowRL.Files;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Files;

public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_cannot_be_written_is_told_once_kept_and_written_later()
    {
        var path = _folder.In("logs", "a.log");
        Directory.CreateDirectory(_folder.In("logs"));
        using var log = new LogFile(path, _said.Add);
        log.Append("one\n"u8);
        Directory.Delete(_folder.In("logs"), recursive: true);
        log.Append("two\n"u8);
        log.Append("three\n"u8);
        Assert.False(Directory.Exists(_folder.In("logs")));
        Directory.CreateDirectory(_folder.In("logs"));
        log.Append("four\n"u8);
        Assert.Equal("two\nthree\nfour\n", File.ReadAllText(path));
        Assert.Equal(3, _said.Count);
        Assert.Equal($"{path} is gone, and what it held is lost; it begins anew.", _said[0]);
        Assert.StartsWith($"{path} cannot be written (", _said[1], StringComparison.Ordinal);
        Assert.EndsWith("); the run goes on, and what belongs there is kept to be written later.", _said[1], StringComparison.Ordinal);
        Assert.Equal($"{path} can be written again.", _said[2]);
    }

    [Fact]
    public void A_file_that_is_taken_away_or_changed_is_told_at_once()
    {
        var path = _folder.In("a.log");
        using var log = new LogFile(path, _said.Add);
        log.Append("one\n"u8);
        File.Delete(path);
        log.Append("two\n"u8);
        File.WriteAllText(path, "else\n");
        log.Append("three\n"u8);
        Assert.Equal("else\nthree\n", File.ReadAllText(path));
        Assert.Equal([$"{path} is gone, and what it held is lost; it begins anew.",
            $"{path} was changed by something else; the run adds to what is there now."], _said);
    }

    [Fact]
    public void What_is_lost_is_said_at_the_end()
    {
        var path = _folder.In("logs", "a.log");
        Directory.CreateDirectory(_folder.In("logs"));
        using (var log = new LogFile(path, _said.Add))
        {
            Directory.Delete(_folder.In("logs"), recursive: true);
            log.Append("one\n"u8);
            log.Append("two\n"u8);
        }
        Assert.Equal($"{path} lacks 8 bytes that could not be written.", _said[^1]);
    }
}
