using FlowRL.Lab.Judging;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Lab.Judging;

public sealed class JudgeCacheTests : IDisposable
{
    private static readonly JudgeQuestion Pair = JudgeQuestion.SameWay("1+1?", "one", "two", 1000);
    private static readonly JudgeQuestion Rating = JudgeQuestion.Rating("1+1?", ["one", "two"], 1000);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    private string Path => _folder.In("answers.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_run_asks_nothing_and_another_judge_everything()
    {
        using (var cache = new JudgeCache(Path, _said.Add))
        {
            var judge = ScriptedJudge.Of("SAME", "well", "well", "well").Judge(cache);
            Assert.Equal("SAME", await judge.AskAsync(Pair));
            Assert.Null(await judge.AskAsync(Rating));
            Assert.Equal("SAME", await judge.AskAsync(Pair));
            Assert.Equal((4, 1), (judge.Calls, judge.Cached));
        }
        using var again = new JudgeCache(Path, _said.Add);
        var second = ScriptedJudge.Of().Judge(again);
        Assert.Equal("SAME", await second.AskAsync(Pair));
        Assert.Null(await second.AskAsync(Rating));
        Assert.Equal((0, 2, 1), (second.Calls, second.Cached, second.Undecided));
        var other = ScriptedJudge.Of("DIFFERENT").Judge(again, options: new JudgeOptions { Model = "other" });
        Assert.Equal("DIFFERENT", await other.AskAsync(Pair));
        Assert.Equal(1, other.Calls);
        Assert.Empty(_said);
        Assert.Equal("\"model\":\"scripted\",\"question\":\"pair\",\"verdict\":\"SAME\"}", File.ReadLines(Path).First()[74..]);
    }

    [Fact]
    public async Task A_line_that_a_kill_cut_short_is_left_out_and_written_over()
    {
        await Fill();
        var whole = File.ReadAllText(Path);
        for (var length = 1; length < whole.Length; length += 7)
        {
            _said.Clear();
            File.WriteAllText(Path, whole[..length]);
            using (var cache = new JudgeCache(Path, _said.Add))
            {
                var kept = whole[..length].Count(c => c == '\n');
                Assert.Equal((kept, kept == 0 || whole[length - 1] != '\n' ? 1 : 0), (cache.Count, _said.Count));
                if (_said.Count > 0) Assert.Equal($"{Path}: its last line was cut short, and is left out.", _said[0]);
                var judge = new ScriptedJudge(_ => "4").Judge(cache);
                await judge.AskAsync(Rating);
            }
            Assert.All(File.ReadLines(Path), line => Assert.StartsWith("{\"key\":", line, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_damaged_line_is_left_out_with_a_word()
    {
        await Fill();
        File.WriteAllText(Path, File.ReadAllText(Path).Replace("\"verdict\":\"SAME\"", "\"verdict\":1", StringComparison.Ordinal));
        using var cache = new JudgeCache(Path, _said.Add);
        Assert.Equal([$"{Path}:1: this line is no answer of a judge, and is left out."], _said);
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public async Task What_is_no_answer_to_the_question_is_asked()
    {
        await Fill();
        File.WriteAllText(Path, File.ReadAllText(Path).Replace("\"verdict\":\"SAME\"", "\"verdict\":\"3\"", StringComparison.Ordinal));
        using var cache = new JudgeCache(Path, _said.Add);
        var judge = ScriptedJudge.Of("DIFFERENT").Judge(cache);
        Assert.Equal("DIFFERENT", await judge.AskAsync(Pair));
        Assert.Equal(1, judge.Calls);
    }

    [Theory]
    [InlineData("{\"id\":\"1\",\"response\":\"2\"}\n")]
    [InlineData("text without an end")]
    public void Another_file_is_refused_and_left_as_it_was(string content)
    {
        _folder.Write("answers.jsonl", content);
        Assert.Equal($"{Path}: is no file of a judge's answers, and nothing is written to it; give another for them.",
            Assert.Throws<BadInputException>(() => new JudgeCache(Path, _said.Add)).Message);
        Assert.Equal(content, File.ReadAllText(Path));
    }

    [Fact]
    public async Task Questions_that_were_refused_are_not_kept()
    {
        using var cache = new JudgeCache(Path, _said.Add);
        var judge = new ScriptedJudge(_ => throw new InvalidOperationException("too long")).Judge(cache, options:
            new JudgeOptions { Model = "scripted", Failure = e => new JudgeFailure(JudgeFailureKind.OfQuestion, e.Message) });
        Assert.Null(await judge.AskAsync(Pair));
        Assert.Equal(0, cache.Count);
    }

    private async Task Fill()
    {
        using var cache = new JudgeCache(Path, _said.Add);
        var judge = ScriptedJudge.Of("SAME", "4").Judge(cache);
        await judge.AskAsync(Pair);
        await judge.AskAsync(Rating);
    }
}
