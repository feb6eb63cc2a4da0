using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowRL.Tests.Runs;

public sealed class ChatModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Answers_are_streamed_whole_and_end_at_their_limit()
    {
        var heard = new Heard();
        var answers = await Ask(samples: 3, tokens: 9, heard, "hello");
        Assert.Equal(3, answers.Count);
        Assert.Equal(answers.Select(answer => answer.Text), Enumerable.Range(0, 3).Select(heard.Text));
        Assert.Equal([0, 1, 2], heard.Ended.Order());
        Assert.All(answers, answer => Assert.True(answer.End is ChatEnd.Length or ChatEnd.Whole));
        Assert.Contains(answers, answer => answer.End == ChatEnd.Length);
        Assert.True(answers.Select(answer => answer.Text).Distinct().Count() > 1);
    }

    [Fact]
    public async Task An_answer_that_fills_the_context_says_so_and_a_conversation_without_room_is_refused()
    {
        Assert.Contains(await Ask(samples: 8, tokens: 1000, new Heard(), "hello"), answer => answer.End == ChatEnd.Context);
        var error = await Assert.ThrowsAsync<BadInputException>(() => Ask(samples: 1, tokens: 5, new Heard(), string.Concat(Enumerable.Repeat("\u4e2d\u00e9", 40))));
        Assert.Matches("^The conversation has [0-9]+ tokens, and the model's context holds 96 with the answer: /reset begins anew, or send a shorter message.$",
            error.Message);
    }

    [Fact]
    public async Task What_is_stopped_has_ended_with_the_text_that_stands_there()
    {
        using var stop = new CancellationTokenSource();
        var heard = new Heard { AfterText = stop.Cancel };
        var answers = await Ask(samples: 2, tokens: 1000, heard, "hello", stop.Token);
        Assert.Contains(answers, answer => answer.End == ChatEnd.Stopped);
        Assert.Equal(answers.Select(answer => answer.Text), Enumerable.Range(0, 2).Select(heard.Text));
        Assert.Equal([0, 1], heard.Ended.Order());
    }

    [Fact]
    public async Task A_model_without_a_template_is_refused_unless_text_is_to_stand_as_it_is()
    {
        var path = TalkingModel.Write(_folder, hasTemplate: false);
        var recipe = new ChatRecipe { Model = new ModelOptions { Path = path }, Threads = 1, Sampling = new SamplingOptions { MaxNewTokens = 3 } };
        var error = await Assert.ThrowsAsync<BadInputException>(() => ChatModel.RunAsync(recipe, model => model.ContextLength, NullLogger.Instance));
        Assert.Equal($"'{path}' has no chat template, which a conversation needs; take an instruction-tuned model, or give --plain, and the model goes on " +
            "with each line as it stands.", error.Message);
        var answers = await ChatModel.RunAsync(recipe with { Plain = true },
            model => model.Answer("once", 0, new Heard(), CancellationToken.None), NullLogger.Instance);
        Assert.Single(answers);
    }

    [Fact]
    public void Plain_text_has_no_system_prompt() => Assert.Equal(
        ["system: plain text has no system prompt; leave out plain, or write it into the text."], new ChatRecipe { Plain = true, System = "x" }.Validate());

    private Task<IReadOnlyList<ChatAnswer>> Ask(int samples, int tokens, Heard heard, string message, CancellationToken stop = default) => ChatModel.RunAsync(
        new ChatRecipe
        {
            Model = new ModelOptions { Path = Directory.Exists(_folder.In("talking")) ? _folder.In("talking") : TalkingModel.Write(_folder) },
            Samples = samples,
            Threads = 1,
            Sampling = new SamplingOptions { MaxNewTokens = tokens },
        },
        model => model.Answer(new Prompt.Chat([new ChatMessage("user", message)]), 0, heard, stop), NullLogger.Instance);

    private sealed class Heard : IAnswerObserver
    {
        private readonly List<(int Answer, string Text)> _texts = [];

        public List<int> Ended { get; } = [];

        public Action? AfterText { get; init; }

        public string Text(int answer) => string.Concat(_texts.Where(text => text.Answer == answer).Select(text => text.Text));

        public void OnText(int answer, string text)
        {
            Assert.DoesNotContain(answer, Ended);
            _texts.Add((answer, text));
            AfterText?.Invoke();
        }

        public void OnEnd(int answer) => Ended.Add(answer);
    }
}
