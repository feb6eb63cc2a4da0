using FlowRL.Tests.Support;

namespace FlowRL.Tests.Cli;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lines_get_a_verdict_and_keep_the_rest()
    {
        var file = _folder.Write("a.jsonl", """{"id":1,"gold":"1/2","prediction":"0.5"}""" + "\n" + """{"gold":42,"response":"The answer is 41."}""" + "\n");
        var run = await ToolRun.Of("verify", "math", file);
        Assert.Equal("""
            {"id":1,"gold":"1/2","prediction":"0.5","verdict":"equal","reason":"the same number"}
            {"gold":42,"response":"The answer is 41.","answer":"41","verdict":"different","reason":"41, not 42"}

            """.ReplaceLineEndings("\n"), run.Output);
        Assert.StartsWith("1 equal, 1 different, 0 undecided: 50.0", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, run.Code);
    }

    [Fact]
    public async Task Lines_go_to_a_file_and_the_summary_is_json()
    {
        var file = _folder.Write("a.jsonl", """{"gold":"x","prediction":"(x"}""");
        var run = await ToolRun.Of("verify", "math", file, "--out", _folder.In("b.jsonl"), "--json");
        Assert.Equal("{\"equal\":0,\"different\":0,\"undecided\":1,\"damaged\":0,\"accuracy\":0}\n", run.Output);
        Assert.Contains("\"verdict\":\"undecided\"", File.ReadAllText(_folder.In("b.jsonl")), StringComparison.Ordinal);
        Assert.Equal(["a.jsonl", "b.jsonl"], _folder.FileNames());
    }

    [Fact]
    public async Task A_damaged_line_ends_the_work_or_is_left_out()
    {
        var file = _folder.Write("a.jsonl", """{"gold":"1","prediction":"1"}""" + "\n" + """{"gold":"1"}""" + "\n{");
        var refused = await ToolRun.Of("verify", "math", file, "--out", _folder.In("b.jsonl"));
        Assert.Equal(2, refused.Code);
        Assert.Equal($"{file}:3: not valid JSON; correct the line, or leave such lines out with --skip-damaged.\n", refused.Error);
        Assert.False(File.Exists(_folder.In("b.jsonl")));
        var skipped = await ToolRun.Of("verify", "math", file, "--skip-damaged", "--json");
        Assert.Equal(0, skipped.Code);
        Assert.Equal($"{file}:3: not valid JSON; left out\n{file}:2: neither 'prediction' nor 'response'; left out\n", skipped.Error);
        Assert.Equal(2, (int)skipped.Json["damaged"]!);
    }

    [Fact]
    public async Task A_full_disk_is_a_failure_and_a_device_stays_one()
    {
        var file = _folder.Write("a.jsonl", """{"gold":"1","prediction":"1"}""");
        var run = await ToolRun.Of("verify", "math", file, "--out", "/dev/full");
        Assert.Equal(1, run.Code);
        Assert.Contains("No space left on device", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo("/dev/full").Length);
        Assert.False(File.Exists("/dev/full.partial"));
    }

    [Fact]
    public async Task A_folder_is_no_place_for_a_file()
    {
        var file = _folder.Write("a.jsonl", """{"gold":"1","prediction":"1"}""");
        var run = await ToolRun.Of("verify", "math", file, "--out", _folder.Path);
        Assert.Equal((2, $"--out {_folder.Path}: is a folder; give the path of a file.\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task Nothing_to_score_has_no_share()
    {
        var run = await ToolRun.Of("verify", "math", _folder.Write("a.jsonl", ""));
        Assert.Equal((0, "0 equal, 0 different, 0 undecided: nothing to score\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task Rules_are_keys()
    {
        var file = _folder.Write("a.jsonl", """{"gold":"1,2","prediction":"2,1"}""");
        Assert.Equal(1, (int)(await ToolRun.Of("verify", "math", file, "--json")).Json["equal"]!);
        Assert.Equal(0, (int)(await ToolRun.Of("verify", "math", file, "--json", "--set", "rules.list_order=true")).Json["equal"]!);
        Assert.Equal("--set rules.list_ordr: no such key; did you mean 'rules.list_order'?\n", (await ToolRun.Of("verify", "math", file, "--set", "rules.list_ordr=true")).Error);
    }

    [Theory]
    [InlineData("verify math lost.jsonl", "lost.jsonl: there is no such data file; give a path from ")]
    [InlineData("verify mth x", "'mth' is not known here; did you mean 'math'?")]
    public async Task Wrong_lines_are_bad_input(string line, string message)
    {
        var run = await ToolRun.Of(line.Split(' '));
        Assert.Equal(2, run.Code);
        Assert.StartsWith(message, run.Error, StringComparison.Ordinal);
    }
}
