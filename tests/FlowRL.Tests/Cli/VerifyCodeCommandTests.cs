using System.Text.Json.Nodes;
using FlowRL.Tests.Support;
using FlowRL.Tests.Verifiers.Code;

namespace FlowRL.Tests.Cli;

[Collection(nameof(SandboxTests))]
public sealed class VerifyCodeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lines_get_a_verdict_and_keep_the_rest()
    {
        var file = _folder.Write("a.jsonl", """
            {"id":1,"program":"def f(a): return a + 1","tests":[{"call":"f(1)","expected":2},{"call":"f(2)","expected":"4"}]}
            {"response":"So:\n```python\nprint(input())\n```","tests":[{"input":"a","output":"a"}]}
            {"program":"using System; Console.WriteLine(3);","language":"csharp","tests":[{"input":"","output":"3"}]}
            {"program":"while True: pass","tests":[{"input":"","output":""}],"time_limit":0.2}
            """);

        var run = await ToolRun.Of("verify", "code", file);

        Assert.Equal([
            """{"id":1,"program":"def f(a): return a + 1","tests":[{"call":"f(1)","expected":2},{"call":"f(2)","expected":"4"}],"verdict":"failed","passed":1,"total":2,"reason":"f(2): gave 3"}""",
            """{"response":"So:\n```python\nprint(input())\n```","tests":[{"input":"a","output":"a"}],"verdict":"passed","passed":1,"total":1,"reason":""}""",
            """{"program":"using System; Console.WriteLine(3);","language":"csharp","tests":[{"input":"","output":"3"}],"verdict":"passed","passed":1,"total":1,"reason":""}""",
            """{"program":"while True: pass","tests":[{"input":"","output":""}],"time_limit":0.2,"verdict":"timeout","passed":0,"total":1,"reason":"test 1: over the time limit"}""",
        ], run.Output.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("2 passed, 1 failed, 0 error, 1 timeout, 0 memory, 0 refused: 50.0", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, run.Code);
    }

    /// <summary>Rows as they come from other systems, and answers as models write them.</summary>
    [Theory]
    [InlineData("""{"response":"```python\nprint(2)\n    ```","tests":[{"input":"","output":"2"}]}""", "passed", "")]
    [InlineData("""{"program":"def f(x): return x","tests":"from solution import f\ndef test_a(): assert f(1)==1"}""", "passed", "")]
    [InlineData("""{"program":"class Solution:\n  def f(self, a: List[int]): return Counter(a)","tests":{"fn_name":"f","inputs":[[[1,1]]],"outputs":[{"1":2}]}}""", "passed", "")]
    [InlineData("""{"response":"<think>\n```python\nprint(2)\n```","tests":[{"input":"","output":"2"}]}""", "refused", "the response ends in its thinking")]
    [InlineData("""{"program":"def f(x): return 2","tests":{"fn_name":"f","inputs":[[1]],"outputs":[1]}}""", "failed", "f(1): gave 2 instead of 1")]
    [InlineData("""{"program":"def f(x): return 1/0","tests":{"fn_name":"f","inputs":[[1]],"outputs":[1]}}""", "error", "f(1): ZeroDivisionError: division by zero")]
    [InlineData("""{"program":"class Solution:\n  def f(self, x): return x","tests":{"functional":"def check(candidate):\n    assert candidate(x = 1) == 1"}}""", "passed", "")]
    [InlineData("""{"program":"class Solution:\n  def f(self, x): return x","functional":"def check(candidate):\n    assert candidate(x = 1) == 2","entry_point":"Solution().f"}""", "failed", "candidate(x = 1) == 2")]
    [InlineData("""{"program":"print(float(input()))","tests":{"fn_name":"","inputs":["1"],"outputs":["1"]}}""", "passed", "")]
    public async Task Rows_of_other_systems_are_judged(string line, string verdict, string reason)
    {
        var run = await ToolRun.Of("verify", "code", _folder.Write("a.jsonl", line));

        var scored = JsonNode.Parse(run.Output)!;
        Assert.Equal((verdict, reason), ((string)scored["verdict"]!, (string)scored["reason"]!));
    }

    [Theory]
    [InlineData("""{"program":"x"}""", "no 'tests' that are a list, an object or a script")]
    [InlineData("""{"tests":"assert f()"}""", "neither 'program' nor 'response'")]
    [InlineData("""{"program":"x","tests":"assert f()","language":"cobol"}""", "programs in 'cobol' are not run; there are python and csharp")]
    [InlineData("""{"program":"x""", "not valid JSON")]
    [InlineData("""{"program":"x","tests":"assert f()","time_limit":"soon"}""", "'time_limit' is no number of seconds between 0 and 3600")]
    public async Task A_damaged_line_ends_the_work(string line, string reason)
    {
        var file = _folder.Write("a.jsonl", line);

        var run = await ToolRun.Of("verify", "code", file);

        Assert.Equal((2, $"{file}:1: {reason}; correct the line, or leave such lines out with --skip-damaged.\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task A_misspelt_key_is_said()
    {
        var run = await ToolRun.Of("verify", "code", _folder.Write("a.jsonl", ""), "--set", "sandbox.isolaton=none");

        Assert.Equal((2, "--set sandbox.isolaton: no such key; did you mean 'sandbox.isolation'?\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task A_rating_is_estimated_from_verdicts()
    {
        var file = _folder.Write("a.jsonl", """
            {"rating":1500,"verdict":"passed"}
            {"rating":1500,"verdict":"timeout"}
            """);
        var people = _folder.Write("people.json", """{"1000":3,"2000":1}""");

        var run = await ToolRun.Of("verify", "rating", file, "--people", people);

        Assert.Equal("1 of 2 attempts solved: a rating of about 1500, above 75.0 % of people\n", run.Output);
    }

    [Theory]
    [InlineData("""{"verdict":"passed"}""", "no 'rating' that is a number; correct the line.")]
    [InlineData("""{"rating":1500}""", "no 'verdict'; write one with 'flowrl verify code'.")]
    public async Task An_attempt_that_is_none_is_said(string line, string reason)
    {
        var file = _folder.Write("a.jsonl", line);

        var run = await ToolRun.Of("verify", "rating", file);

        Assert.Equal((2, $"{file}:1: {reason}\n"), (run.Code, run.Error));
    }
}
