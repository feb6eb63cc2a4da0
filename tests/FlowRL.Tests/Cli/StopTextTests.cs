using FlowRL.Cli;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Cli;

/// <summary>Each command says for itself what is left when it is stopped.</summary>
public sealed class StopTextTests
{
    [Theory]
    [InlineData("eval m --task countdown", "Stopped: no result. The same command begins anew; --problems and --samples make it shorter.\n")]
    [InlineData("sample m --prompt x", "Stopped: the response is not finished.\n")]
    [InlineData("chat m", "Stopped.\n")]
    [InlineData("bench", "Stopped: no result. --repeat 1 and fewer --shapes make it shorter.\n")]
    [InlineData("train", "Stopped before the first step; nothing was trained.\n")]
    public async Task What_is_left_is_said(string line, string message)
    {
        var run = await ToolRun.Of(new StubEngine { Failure = new OperationCanceledException() }, line.Split(' '));
        Assert.Equal((1, message), (run.Code, run.Error.Replace("loaded\n", "", StringComparison.Ordinal).Replace("measuring 3 times\n", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_response_that_is_cut_short_ends_its_line()
    {
        var run = await ToolRun.Of(new StubEngine { Failure = new OperationCanceledException() }, "sample", "m", "--prompt", "x");
        Assert.Equal("4 2\n", run.Output);
    }

    [Fact]
    public async Task Where_no_response_began_nothing_is_printed()
    {
        var run = await ToolRun.Of(new StubEngine { Failure = new BadInputException("There is no model."), SaysNothing = true }, "sample", "m", "--prompt", "x");
        Assert.Equal((2, "", "There is no model.\n"), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task A_file_of_verdicts_is_left_as_it_was()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rows.jsonl", "{\"gold\": \"1\", \"prediction\": \"1\"}\n");
        folder.Write("scored.jsonl", "before");
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = await new FlowRLTool(new CliHost(output, error, TextReader.Null, null, new StubEngine()))
            .RunAsync(["verify", "math", folder.In("rows.jsonl"), "--out", folder.In("scored.jsonl")], stopped.Token);
        Assert.Equal((1, "Stopped: no total. A file given with --out is left as it was.\n"), (code, error.ToString()));
        Assert.Equal("before", File.ReadAllText(folder.In("scored.jsonl")));
    }
}
