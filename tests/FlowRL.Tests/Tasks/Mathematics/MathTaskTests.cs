using FlowRL.Tasks;
using FlowRL.Tasks.Mathematics;
using FlowRL.Tasks.ProblemSets;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Tasks.Mathematics;

public sealed class MathTaskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(@"3+4=7, so \boxed{7}.", 1, 1, 0, "7", "(3+4)")]
    [InlineData(@"4+3=7, so \boxed{7.0}.", 1, 1, 0, "7", "(3+4)")]
    [InlineData(@"\boxed{7}", 1, 1, 0, "7", null)]
    [InlineData(@"\boxed{8}", 0, 1, 0, "8", null)]
    [InlineData("no idea", 0, 0, 0, null, null)]
    [InlineData(@"\boxed{(7}", 0, 1, 1, "(7", null)]
    public async Task A_response_is_judged_by_its_final_answer(string response, double correct, double answered, double undecided, string? answer, string? solution)
    {
        var task = Task("""{"problem":"3+4?","answer":"7"}""");
        var verdict = await task.VerifyAsync(task.Problems(Split.Test)[0], response, CancellationToken.None);
        var score = Assert.IsType<Reward.Score>(verdict.Reward);
        Assert.Equal((correct, correct == 1, answer, solution), (score.Value, verdict.IsCorrect, verdict.Answer, verdict.Solution));
        Assert.Equal(new Dictionary<string, double> { ["correct"] = correct, ["answered"] = answered, ["undecided"] = undecided }, score.Parts);
    }

    [Fact]
    public void Worked_solutions_are_demonstrations()
    {
        var task = Task("""{"problem":"a","answer":"7","solution":"3+4"}""" + "\n" + """{"problem":"b","answer":"7"}""");
        var shown = task.Problems(Split.Test).ToDictionary(problem => problem.Prompt.Text);
        Assert.True(task.CanDemonstrate(shown["a"]));
        Assert.Equal("3+4", task.Demonstrate(shown["a"], 1));
        Assert.False(task.CanDemonstrate(shown["b"]));
    }

    [Fact]
    public void What_was_left_out_is_noted() => Assert.Equal([$"1 left out (repeated): {_folder.In("test.jsonl")}:2"],
        Task("""{"problem":"a","answer":"7"}""" + "\n" + """{"problem":"a","answer":"7"}""").Notes);

    [Fact]
    public void Right_answers_that_the_verifier_cannot_read_are_counted_and_named()
    {
        var task = Task(string.Join('\n',
            """{"id":"one","problem":"a","answer":"(1, 2"}""",
            """{"id":"two","problem":"b","answer":"7"}""",
            """{"id":"three","problem":"c","answer":"(3, 4"}"""));
        var note = Assert.Single(task.Notes);
        Assert.StartsWith("2 of 3 right answers (test) are not read by the verifier, so that no other answer equals them: ", note, StringComparison.Ordinal);
        Assert.Contains("one: '(1, 2' (", note, StringComparison.Ordinal);
        Assert.Contains("three: '(3, 4' (", note, StringComparison.Ordinal);
    }

    private MathTask Task(string rows) => new(new MathOptions { Data = new DataOptions { Test = [_folder.Write("test.jsonl", rows)] } });
}
