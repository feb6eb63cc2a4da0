using FlowRL.Lab.Judging;

namespace FlowRL.Tests.Lab.Judging;

public sealed class JudgeRunTests
{
    [Fact]
    public async Task Classes_are_made_greedily_against_the_first_of_each()
    {
        var client = ScriptedJudge.ByFirstCharacter;
        var classes = await JudgePartition.OfAsync(client.Judge(), "p", ["a1", "b1", "a2", "c1", "b2"], default);
        Assert.Equal([0, 1, 0, 2, 1], classes);
        Assert.Equal(1 + 1 + 2 + 2, client.Asked.Count); // b1-a1; a2-a1; c1-a1, c1-b1; b2-a1, b2-b1
    }

    [Fact]
    public async Task A_contradicting_judge_still_comes_to_an_end()
    {
        // a is b and a is c, and b is not c: the first decides.
        var classes = await JudgePartition.OfAsync(ScriptedJudge.Of("SAME", "SAME").Judge(), null, ["a", "b", "c"], default);
        Assert.Equal([0, 0, 0], classes);
        var client = new ScriptedJudge(_ => "DIFFERENT");
        Assert.Equal(Enumerable.Range(0, 8).Select(number => (int?)number), await JudgePartition.OfAsync(client.Judge(), null, [.. "abcdefgh".Select(c => $"{c}")], default));
        Assert.Equal(8 * 7 / 2, client.Asked.Count);
    }

    [Fact]
    public async Task An_undecided_text_joins_a_class_or_none()
    {
        string Answer(string question) => question.Contains("odd", StringComparison.Ordinal) && question.Contains("a1", StringComparison.Ordinal) ? "hm" :
            question.Contains("odd1", StringComparison.Ordinal) && question.Contains("b1", StringComparison.Ordinal) ? "SAME" : "DIFFERENT";
        var client = new ScriptedJudge((messages, _) => Task.FromResult(Answer(messages[0].Text)));
        // Neither is known to be another way than a1's.
        Assert.Equal([0, 1, 1, null], await JudgePartition.OfAsync(client.Judge(), null, ["a1", "b1", "odd1", "odd2"], default));
    }

    [Fact]
    public async Task Problems_are_judged_side_by_side_up_to_a_bound_and_keep_their_order()
    {
        var problems = Enumerable.Range(0, 12).Select(i => Problem($"{i}", "a1", "a1", "b1", $"b{i + 2}")).ToList();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedJudge client = null!;
        client = new ScriptedJudge(async (messages, _) =>
        {
            if (client.MostAtOnce == 3) gate.TrySetResult();
            await gate.Task; // held until three are here together
            return messages[0].Text.Contains("Rate", StringComparison.Ordinal) ? "2" : "DIFFERENT";
        });
        var done = new List<int>();
        var verdicts = await JudgeRun.RunAsync(client.Judge(), problems, JudgeAsked.Both, parallel: 3, count =>
        {
            lock (done) done.Add(count);
        });
        Assert.Equal(3, client.MostAtOnce);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}"), verdicts.Select(verdict => verdict.Problem.Id));
        Assert.All(verdicts, verdict => Assert.Equal((2, 3), (verdict.Rating, verdict.Classes!.Count)));
        Assert.Equal(Enumerable.Range(1, 12), done.Order());
        Assert.Equal((36L, 12), JudgeRun.Most(problems, JudgeAsked.Both));
        Assert.Equal(12 * 3 + 12, client.Asked.Count);
    }

    [Fact]
    public async Task One_answer_needs_no_judge()
    {
        var client = ScriptedJudge.Of();
        var verdicts = await JudgeRun.RunAsync(client.Judge(), [Problem("1", "a")], JudgeAsked.Both);
        Assert.Equal(((int?)0, null), (verdicts[0].Classes![0], verdicts[0].Rating));
        Assert.Empty(client.Asked);
    }

    [Fact]
    public async Task A_failure_ends_the_run_and_cancelling_does_too()
    {
        var problems = Enumerable.Range(0, 4).Select(i => Problem($"{i}", "a", "b")).ToList();
        var judge = new ScriptedJudge(_ => throw new InvalidOperationException("no")).Judge(options:
            new JudgeOptions { Model = "scripted", Failure = e => new JudgeFailure(JudgeFailureKind.Final, e.Message) });
        Assert.Equal("The judge scripted cannot be asked: no.",
            (await Assert.ThrowsAsync<JudgeException>(() => JudgeRun.RunAsync(judge, problems, JudgeAsked.Pairs, parallel: 2))).Message);

        using var cancelled = new CancellationTokenSource();
        var client = new ScriptedJudge(async (_, token) =>
        {
            await cancelled.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return "SAME";
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => JudgeRun.RunAsync(client.Judge(), problems, JudgeAsked.Pairs, cancellation: cancelled.Token));
        Assert.Single(client.Asked);
    }

    [Fact]
    public async Task Where_every_question_is_refused_there_is_no_result()
    {
        var judge = new ScriptedJudge(_ => throw new InvalidOperationException("no temperature")).Judge(options:
            new JudgeOptions { Model = "scripted", Failure = e => new JudgeFailure(JudgeFailureKind.OfQuestion, e.Message) });
        Assert.Equal("The judge scripted refused every question: no temperature.",
            (await Assert.ThrowsAsync<JudgeException>(() => JudgeRun.RunAsync(judge, [Problem("1", "a", "b")], JudgeAsked.Both))).Message);
    }

    private static JudgedProblem Problem(string id, params string[] texts) => new(id, null, [.. texts.Select(text => new JudgedResponse(text, text[..1]))]);
}
