using FlowRL.Tasks;
using FlowRL.Tasks.Code;
using FlowRL.Tasks.ProblemSets;
using FlowRL.Tests.Support;
using FlowRL.Tests.Verifiers.Code;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Tasks.Code;

[Collection(nameof(SandboxTests))]
public sealed class CodeTaskTests : IDisposable
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests/FlowRL.Tests/Golden/code");
    private static readonly CodeTask HumanEval = new(new CodeTaskOptions { Data = new DataOptions { Test = [Path.Combine(Folder, "HumanEval.jsonl.gz")], Shuffle = 0 } });

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("    return any(abs(a - b) < threshold for i, a in enumerate(numbers) for b in numbers[:i])\n\nprint('more", true)]
    [InlineData("```python\ndef has_close_elements(numbers: List[float], t: float) -> bool:\n    s = sorted(numbers)\n    return any(b - a < t for a, b in zip(s, s[1:]))\n```", true)]
    [InlineData("```python\n    return False\n```", false)]
    [InlineData("I do not know.", false)]
    public async Task A_function_is_continued_or_written_anew(string response, bool isCorrect)
    {
        var verdict = await HumanEval.VerifyAsync(HumanEval.Problems(Split.Test)[0], response, TestContext.Current.CancellationToken);

        Assert.Equal(isCorrect, verdict.IsCorrect);
        Assert.Equal(isCorrect ? 1 : 0, Assert.IsType<Reward.Score>(verdict.Reward).Value);
    }

    [Fact]
    public async Task A_test_may_take_a_multiple_of_what_the_reference_takes()
    {
        var path = _folder.Write("slow.jsonl", """
            {"problem": "sleep", "solution": "import time\nt = time.process_time()\nwhile time.process_time() - t < 0.3: pass\nprint(1)", "tests": [{"input": "", "output": "1"}]}
            """);
        const string Slower = "import time\nt = time.process_time()\nwhile time.process_time() - t < 0.5: pass\nprint(1)";
        async Task<bool> Passes(double multiple)
        {
            using var task = new CodeTask(new CodeTaskOptions
            {
                Data = new DataOptions { Test = [path] },
                TimeMultiple = multiple,
                Code = new CodeOptions { TimeLimit = 0.05 },
            });
            return (await task.VerifyAsync(task.Problems(Split.Test)[0], Slower, TestContext.Current.CancellationToken)).IsCorrect;
        }

        Assert.False(await Passes(0));
        Assert.True(await Passes(20));
    }

    [Fact]
    public async Task Training_may_be_tested_on_the_longest_inputs_alone()
    {
        const string Row = """{"problem":"length","tests":{"inputs":["1","22","333","4444"],"outputs":["x","x","3","4"]}}""";
        using var task = new CodeTask(new CodeTaskOptions
        {
            Data = new DataOptions { Train = [_folder.Write("a.jsonl", Row)], Test = [_folder.Write("b.jsonl", Row.Replace("length", "other"))], ValidationShare = 0 },
            MaxTests = 2,
        });
        async Task<bool> Passes(Split split) =>
            (await task.VerifyAsync(task.Problems(split)[0], "print(len(input()))", TestContext.Current.CancellationToken)).IsCorrect;

        Assert.True(await Passes(Split.Train));
        Assert.False(await Passes(Split.Test));
    }

    [Fact]
    public async Task Partly_right_programs_earn_their_share_where_the_recipe_says_so()
    {
        var path = _folder.Write("double.jsonl", """{"problem":"double","tests":{"inputs":["1","2","0"],"outputs":["2","4","0"]}}""");
        using var task = new CodeTask(new CodeTaskOptions { Data = new DataOptions { Test = [path] }, Score = CodeScore.Share });

        var verdict = await task.VerifyAsync(task.Problems(Split.Test)[0], "n = int(input())\nprint(n * n)", TestContext.Current.CancellationToken);

        Assert.Equal(2 / 3.0, Assert.IsType<Reward.Score>(verdict.Reward).Value, 1e-12);
        Assert.False(verdict.IsCorrect);
    }
}
