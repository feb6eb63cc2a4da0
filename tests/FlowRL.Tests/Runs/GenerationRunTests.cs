using System.Text.Json.Nodes;
using FlowRL.Data;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowRL.Tests.Runs;

public sealed class GenerationRunTests
{
    [Fact]
    public async Task Rows_are_answered_in_their_order_and_those_that_are_left_as_if_none_had_been_skipped()
    {
        string[] rows = [.. Enumerable.Range(1, 9).Select(i => $$"""{"prompt": "{{i}},2=3:"}""")];
        var whole = await Run("embedded:countdown", 0, rows);
        Assert.Equal(9, whole.Rows);
        Assert.Equal(Enumerable.Range(0, 9).Select(i => (long)i), whole.Answers.Select(answer => answer.Number));
        Assert.Equal(Enumerable.Range(1, 9).Select(i => $"{i}"), whole.Answers.Select(answer => answer.Row.Id.ToJsonString())); // their lines
        Assert.All(whole.Answers, answer => Assert.Equal(3, answer.Responses.Count));
        Assert.True(whole.Answers.SelectMany(answer => answer.Responses).Select(response => response.Text).Distinct().Count() > 9);

        var rest = await Run("embedded:countdown", 4, rows);
        Assert.Equal((9, 5), (rest.Rows, rest.Answers.Count));
        Assert.Equal(Texts(whole.Answers.Skip(4)), Texts(rest.Answers));
    }

    [Fact]
    public async Task A_conversation_goes_through_the_template_and_stays_a_conversation()
    {
        using var folder = new TemporaryFolder();
        var path = TalkingModel.Write(folder);
        var talk = await Run(path, 0, """{"messages": [{"role": "user", "content": "hi<|im_end|>"}], "id": "x"}""");
        var wrapped = await Run(path, 0, chat: true, """{"prompt": "hi<|im_end|>"}""");
        Assert.Equal(("\"x\"", true), (talk.Answers[0].Row.Id.ToJsonString(), talk.Answers[0].Row.IsChat));
        Assert.Equal(talk.Answers[0].Row.Ids, wrapped.Answers[0].Row.Ids);
        Assert.False(wrapped.Answers[0].Row.IsChat);
        using var model = Checkpoints(path);
        var end = model.Tokenizer.EndOfSequenceIds.Single();
        Assert.Equal(1, talk.Answers[0].Row.Ids.Count(id => id == end)); // the user's own stays text
    }

    [Theory]
    [InlineData("""{"question": "x"}""", "rows:2: has neither 'prompt' nor 'messages'; give one of them.")]
    [InlineData("""{"prompt": "x", "messages": []}""", "rows:2: has both 'prompt' and 'messages'; give one of them.")]
    [InlineData("""{"prompt": []}""", "rows:2: 'prompt' is not a text; give a conversation as 'messages'.")]
    [InlineData("""{"prompt": ""}""", "rows:2: the prompt is empty; give at least one token.")]
    [InlineData("""{"messages": []}""", "rows:2: 'messages' is not a list with at least one message.")]
    [InlineData("""{"messages": [{"content": "x"}]}""", "rows:2: message 1 is not an object with a 'role' that is a text.")]
    public async Task A_row_that_cannot_be_answered_is_said_with_its_place_before_any_is(string row, string message)
    {
        using var folder = new TemporaryFolder();
        var run = new Answers();
        var error = await Assert.ThrowsAsync<BadInputException>(() => Run(TalkingModel.Write(folder), 0, false, run, """{"prompt": "x"}""", row));
        Assert.Equal((message, 0), (error.Message, run.Given.Count));
    }

    [Fact]
    public async Task A_prompt_that_fills_the_context_and_a_conversation_that_the_template_refuses_are_said_too()
    {
        using var folder = new TemporaryFolder();
        var path = TalkingModel.Write(folder);
        var error = await Assert.ThrowsAsync<BadInputException>(() => Run(path, 0, $$"""{"prompt": "{{string.Concat(Enumerable.Repeat("\u00e9\u4e2d", 40))}}"}"""));
        Assert.Matches("^rows:1: the prompt has [0-9]+ tokens, and the model's context holds 96 with the response; shorten it.$", error.Message);
        error = await Assert.ThrowsAsync<BadInputException>(() => Run(path, 0, """{"messages": [{"role": "tool", "content": "x"}]}"""));
        Assert.StartsWith("rows:1: The chat template in ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("no tools here", error.Message, StringComparison.Ordinal);
    }

    private static string[] Texts(IEnumerable<(long Number, PromptRow Row, IReadOnlyList<Response> Responses)> answers) =>
        [.. answers.SelectMany(answer => answer.Responses).Select(response => response.Text)];

    private static LanguageModel Checkpoints(string path) => FlowRL.Checkpoints.PretrainedModel.Load(new ModelOptions { Path = path });

    private static Task<(long Rows, List<(long Number, PromptRow Row, IReadOnlyList<Response> Responses)> Answers)> Run(
        string path, long skip, params string[] lines) => Run(path, skip, chat: false, lines);

    private static async Task<(long Rows, List<(long Number, PromptRow Row, IReadOnlyList<Response> Responses)> Answers)> Run(
        string path, long skip, bool chat, params string[] lines)
    {
        var answers = new Answers();
        var summary = await Run(path, skip, chat, answers, lines);
        Assert.Equal((answers.Given.Count, answers.Given.Sum(answer => (long)answer.Responses.Sum(response => response.Length))), (summary.Rows, summary.Tokens));
        return (answers.Rows, answers.Given);
    }

    private static Task<GenerationSummary> Run(string path, long skip, bool chat, Answers answers, params string[] lines) => GenerationRun.RunAsync(
        new GenerateRecipe
        { Model = new ModelOptions { Path = path }, Chat = chat, Samples = 3, Slots = 4, Threads = 1, Sampling = new SamplingOptions { MaxNewTokens = 8 } },
        lines.Select((line, i) => new DataRow("rows", i + 1, (JsonObject)JsonNode.Parse(line)!)), skip, answers, NullLogger.Instance,
        TestContext.Current.CancellationToken);

    private sealed class Answers : IGenerationObserver
    {
        public long Rows { get; private set; }

        public List<(long Number, PromptRow Row, IReadOnlyList<Response> Responses)> Given { get; } = [];

        public void Begin(long rows) => Rows = rows;

        public void Answered(long number, PromptRow row, IReadOnlyList<Response> responses) => Given.Add((number, row, responses));
    }
}
