using FlowRL.Cli.Rows;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Cli.Rows;

public sealed class ResumableLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_stop_leaves_goes_on_after_its_last_whole_group()
    {
        using (var first = Open())
        {
            Assert.Equal(0, first.Kept);
            first.Writer.Write("a\nb\nc\nhalf a l");
            first.Writer.Flush();
        }
        Assert.Single(_folder.FileNames(), name => name.StartsWith("out.jsonl.partial-", StringComparison.Ordinal));
        using (var second = Open())
        {
            Assert.Equal(1, second.Kept); // of two lines each
            second.Writer.WriteLine("C");
            second.Writer.WriteLine("D");
            second.Commit();
        }
        Assert.Equal(["out.jsonl"], _folder.FileNames());
        Assert.Equal("a\nb\nC\nD\n", File.ReadAllText(_folder.In("out.jsonl")));
    }

    [Fact]
    public void Other_settings_begin_anew_and_nothing_written_leaves_nothing()
    {
        using (var first = Open())
        {
            first.Writer.Write("a\nb\n");
            first.Writer.Flush();
        }
        using (var other = Open("temperature=0")) Assert.Equal(0, other.Kept);
        Assert.Single(_folder.FileNames());
    }

    [Fact]
    public void Two_processes_do_not_write_one_file()
    {
        using var first = Open();
        var error = Assert.Throws<BadInputException>(() => Open());
        Assert.StartsWith($"--out {_folder.In("out.jsonl")}: another process is writing {_folder.In("out.jsonl")}.partial-", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; wait for it, or give another path.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_model_wrote_is_harmless_in_the_file_too()
    {
        using (var lines = Open())
        {
            lines.Writer.WriteLine("\u009b2J");
            lines.Commit();
        }
        Assert.Equal("\\u009b2J\n", File.ReadAllText(_folder.In("out.jsonl")));
    }

    private ResumableLines Open(string settings = "temperature=1") => new(_folder.In("out.jsonl"), ["model", settings], lines: 2);
}
