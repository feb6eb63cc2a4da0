using FlowRL.Lab.Judging;
using FlowRL.Tests.Support;
using Microsoft.Extensions.AI;

namespace FlowRL.Tests.Lab.Judging;

public sealed class ChatJudgeTests
{
    private static readonly JudgeQuestion Question = JudgeQuestion.SameWay("1+1?", "one", "two", 1000);

    private readonly List<string> _said = [];
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_question_is_one_message_at_temperature_0()
    {
        var client = ScriptedJudge.Of("SAME");
        var judge = client.Judge();
        Assert.Equal("SAME", await judge.AskAsync(Question));
        Assert.Equal((ChatRole.User, Question.Text), (client.Asked[0][0].Role, client.Asked[0][0].Text));
        Assert.Equal(("scripted", 0f, 512), (client.Options!.ModelId, client.Options.Temperature, client.Options.MaxOutputTokens));
        Assert.Equal((1, 0, 0), (judge.Calls, judge.Cached, judge.Undecided));
    }

    [Fact]
    public async Task A_malformed_answer_is_asked_again_with_what_was_wrong()
    {
        var client = ScriptedJudge.Of(new string('x', 2000), " ", "different");
        Assert.Equal("DIFFERENT", await client.Judge().AskAsync(Question));
        var last = client.Asked[2];
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.User, ChatRole.Assistant, ChatRole.User], last.Select(message => message.Role));
        Assert.Equal("Answer with exactly one of these and nothing else: SAME, DIFFERENT.", last[2].Text);
        Assert.InRange(last[1].Text.Length, 500, 600); // bounded, whatever a judge says
        Assert.Equal("?", last[3].Text);
    }

    [Fact]
    public async Task Malformed_answers_come_to_nothing_after_three()
    {
        var client = new ScriptedJudge(_ => "I cannot say.");
        var judge = client.Judge();
        Assert.Null(await judge.AskAsync(Question));
        Assert.Equal((3, 1), (judge.Calls, judge.Undecided));
    }

    [Fact]
    public async Task What_fails_is_tried_again_after_longer_and_longer_waits()
    {
        var tries = 0;
        var judge = new ScriptedJudge(_ => ++tries <= 3 ? throw new HttpRequestException("Busy.\nA stack.") : "SAME").Judge(clock: _clock, say: _said.Add);
        var answer = judge.AskAsync(Question);
        await Pass(1, 2, 4);
        Assert.Equal("SAME", await answer);
        Assert.Equal(["judge scripted: Busy; again in 1 s", "judge scripted: Busy; again in 2 s", "judge scripted: Busy; again in 4 s"], _said);
        Assert.Equal(4, judge.Calls);
    }

    [Fact]
    public async Task What_goes_on_failing_ends_with_a_sentence()
    {
        var judge = new ScriptedJudge(_ => throw new HttpRequestException("Busy.")).Judge(clock: _clock, options: new JudgeOptions { Model = "scripted", Retries = 2 });
        var answer = judge.AskAsync(Question);
        await Pass(1, 2);
        Assert.Equal("The judge scripted does not answer: Busy, 3 times in a row. Answers that came are kept; try again later.",
            (await Assert.ThrowsAsync<JudgeException>(() => answer)).Message);
        Assert.Equal(3, judge.Calls);
    }

    [Fact]
    public async Task A_server_says_how_long_to_wait_within_a_minute()
    {
        var tries = 0;
        var judge = new ScriptedJudge(_ => ++tries <= 2 ? throw new HttpRequestException("Busy") : "SAME").Judge(clock: _clock, say: _said.Add, options:
            new JudgeOptions { Model = "scripted", Failure = _ => new JudgeFailure(JudgeFailureKind.Passing, "it is busy") { After = TimeSpan.FromSeconds(tries == 1 ? 7 : 7000) } });
        var answer = judge.AskAsync(Question);
        await Pass(7, 60);
        Assert.Equal("SAME", await answer);
        Assert.Equal(["judge scripted: it is busy; again in 7 s", "judge scripted: it is busy; again in 60 s"], _said);
    }

    [Fact]
    public async Task What_cannot_pass_is_not_tried_again()
    {
        var judge = new ScriptedJudge(_ => throw new HttpRequestException("401")).Judge(options:
            new JudgeOptions { Model = "scripted", Failure = e => new JudgeFailure(JudgeFailureKind.Final, $"the server says {e.Message}") });
        Assert.Equal("The judge scripted cannot be asked: the server says 401.", (await Assert.ThrowsAsync<JudgeException>(() => judge.AskAsync(Question))).Message);
        Assert.Equal(1, judge.Calls);
    }

    [Fact]
    public async Task A_question_that_is_refused_is_undecided_and_said_once()
    {
        var judge = new ScriptedJudge(_ => throw new InvalidOperationException("too long")).Judge(say: _said.Add, options:
            new JudgeOptions { Model = "scripted", Failure = e => new JudgeFailure(JudgeFailureKind.OfQuestion, e.Message) });
        Assert.Null(await judge.AskAsync(Question));
        Assert.Null(await judge.AskAsync(JudgeQuestion.Rating(null, ["a", "b"], 10)));
        Assert.Equal(["judge scripted: a question is refused and counts as undecided: too long"], _said);
        Assert.Equal((2, 2), (judge.Calls, judge.Undecided));
        Assert.Equal("The judge scripted refused every question: too long.", Assert.Throws<JudgeException>(judge.RequireAnswers).Message);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_not_waited_for_even_where_the_client_would()
    {
        var tries = 0;
        var never = new TaskCompletionSource<string>();
        var judge = new ScriptedJudge((_, _) => ++tries == 1 ? never.Task : Task.FromResult("SAME")).Judge(clock: _clock, say: _said.Add);
        var answer = judge.AskAsync(Question);
        await _clock.Timers(1);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await _clock.Timers(1); // the wait; the limit is over
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("SAME", await answer);
        Assert.Equal(["judge scripted: no answer comes within 300 s; again in 1 s"], _said);
    }

    [Fact]
    public async Task Cancelling_ends_a_call_and_a_wait()
    {
        using var cancelled = new CancellationTokenSource();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<string>();
        var call = new ScriptedJudge((_, _) =>
        {
            asked.SetResult();
            return never.Task;
        }).Judge().AskAsync(Question, cancelled.Token);
        await asked.Task;
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        using var later = new CancellationTokenSource();
        var wait = new ScriptedJudge(_ => throw new HttpRequestException("Busy")).Judge(clock: _clock).AskAsync(Question, later.Token);
        await _clock.Timers(2);
        await later.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    /// <summary>Lets one wait after the other pass: of two timers the other is the limit of the call.</summary>
    private async Task Pass(params int[] seconds)
    {
        foreach (var wait in seconds)
        {
            await _clock.Timers(2);
            _clock.Advance(TimeSpan.FromSeconds(wait));
        }
    }
}
