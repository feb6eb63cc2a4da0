using FlowRL.Cli;
using FlowRL.Cli.Chatting;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Cli.Chatting;

public sealed class ChatSessionTests
{
    [Fact]
    public void A_pipes_lines_are_turns_and_only_answers_are_printed()
    {
        var partner = new ScriptedPartner([new ScriptedAnswer("Hel", "lo")], ["You said hi."]);
        var talk = Talk(partner, new ChatRecipe { System = "Be kind." }, "hi\n\nwhat?\n");
        Assert.Equal(("Hello\nYou said hi.\n", ""), (talk.Output, talk.Error));
        Assert.Equal("system: Be kind. | user: hi | assistant: Hello | user: what?", partner.LastAsked);
        Assert.Equal((2, 5), (talk.Told!.Turns, talk.Told.Messages.Count));
    }

    [Fact]
    public void Commands_change_what_the_model_is_told()
    {
        var partner = new ScriptedPartner(["A"], ["B"], ["C"]);
        var talk = Talk(partner, new ChatRecipe(),
            "one\n/system\n/system Be brief.\n/system\n/reset\ntwo\n//etc is a folder\n/exit\nnever\n");
        Assert.Equal("A\nB\nC\n", talk.Output);
        Assert.Equal("There is no system prompt; /system TEXT gives one.\nIt counts from the next message on.\nBe brief.\nForgotten.\n", talk.Error);
        Assert.Equal("system: Be brief. | user: two | assistant: B | user: /etc is a folder", partner.LastAsked);
    }

    [Theory]
    [InlineData("/pck 2", "'/pck' is no command; /help lists them. A message that begins with a slash is typed with two.\n")]
    [InlineData("/pick 3", "Give the number of an answer, from 1 to 2.\n")]
    [InlineData("/pick x", "Give the number of an answer, from 1 to 2.\n")]
    [InlineData("/pick 2", "Answer 2 goes on.\n")]
    [InlineData("/reset\n/pick 2", "Forgotten.\nThere is one answer at most; --samples asks for several.\n")]
    public void Several_answers_stand_one_after_another_and_one_goes_on(string command, string said)
    {
        var partner = new ScriptedPartner(
            [new ScriptedAnswer("fir", "st", "!"), new ScriptedAnswer("second")], [new ScriptedAnswer("x"), new ScriptedAnswer("y")]);
        var talk = Talk(partner, new ChatRecipe { Samples = 2 }, $"hi\n{command}\nnext\n");
        Assert.Equal("[1] first!\n[2] second\n[1] x\n[2] y\n", talk.Output);
        Assert.Equal(said, talk.Error);
        Assert.Equal(command == "/pick 2" ? "user: hi | assistant: second | user: next"
            : command.StartsWith("/reset", StringComparison.Ordinal) ? "user: next" : "user: hi | assistant: first! | user: next", partner.LastAsked);
    }

    [Fact]
    public void At_a_keyboard_there_are_prompts_and_words_on_standard_error()
    {
        var partner = new ScriptedPartner(["A", "B"]);
        var talk = Talk(partner, new ChatRecipe { Samples = 2 }, "hi\n/help\n", isKeyboard: true);
        Assert.Equal("[1] A\n[2] B\n", talk.Output);
        Assert.Equal("Type a message; /help lists commands, Ctrl-C stops an answer.\n> Answer 1 goes on; /pick 2 takes the second.\n> " +
            "/reset           forget what was said\n/system [TEXT]   what the model is told before the conversation: show it, or change it\n" +
            "/pick NUMBER     go on with another of the answers to the last message\n/exit            leave; so do Ctrl-D, and Ctrl-C while no answer is " +
            "being written\nA message that begins with a slash is typed with two.\n> \n", talk.Error);
    }

    [Fact]
    public void Why_an_answer_is_cut_is_said()
    {
        var partner = new ScriptedPartner([new ScriptedAnswer("A") { End = ChatEnd.Length }], [new ScriptedAnswer("B") { End = ChatEnd.Context }]);
        var talk = Talk(partner, new ChatRecipe { Sampling = new SamplingOptions { MaxNewTokens = 7 } }, "a\nb\n");
        Assert.Equal("(the answer was cut at 7 tokens; --max-new-tokens allows more)\n" +
            "(the answer was cut: the context window of 8192 tokens is full; /reset begins anew)\n", talk.Error);
        partner = new ScriptedPartner([new ScriptedAnswer("A"), new ScriptedAnswer("B") { End = ChatEnd.Context }]);
        Assert.Equal("(answer 2 was cut: the context window of 8192 tokens is full)\n", Talk(partner, new ChatRecipe { Plain = true, Samples = 2 }, "a\n").Error);
    }

    [Fact]
    public void What_cannot_be_answered_ends_a_pipe_and_is_forgotten_at_a_keyboard()
    {
        var refused = new ScriptedAnswer("") { Refusal = "The conversation is too long." };
        Assert.Equal("The conversation is too long.", Assert.Throws<BadInputException>(() => Talk(new ScriptedPartner([refused]), new ChatRecipe(), "a\nb\n")).Message);
        var talk = Talk(new ScriptedPartner([refused]), new ChatRecipe(), "a\n", isKeyboard: true);
        Assert.Equal(0, talk.Told!.Turns);
        Assert.Contains("> The conversation is too long.\n> ", talk.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_text_has_no_memory_and_no_system_prompt()
    {
        var partner = new ScriptedPartner(["A"], ["B"]);
        var talk = Talk(partner, new ChatRecipe { Plain = true }, "one\n/system x\ntwo\n");
        Assert.Equal("Plain text has no system prompt; write it into the line.\n", talk.Error);
        Assert.Equal([new Prompt.Plain("one"), new Prompt.Plain("two")], partner.Asked);
    }

    [Fact]
    public void Control_characters_of_a_model_come_out_as_escapes()
    {
        var talk = Talk(new ScriptedPartner([new ScriptedAnswer("\u001b[2J", "\u202e", "\U000E0041x\r")]), new ChatRecipe(), "hi\n");
        Assert.Equal("\\u001b[2J\\u202e\\udb40\\udc41x\\u000d\n", talk.Output);
    }

    [Fact]
    public void Ctrl_C_ends_an_answer_at_a_keyboard_and_leaves_at_the_prompt()
    {
        using var interrupts = new ChatInterrupts(isKeyboard: true, CancellationToken.None);
        var partner = new ScriptedPartner([new ScriptedAnswer("A", " lot")], [new ScriptedAnswer("", " more")])
        { AfterText = () => Assert.True(interrupts.Press()) };
        // The line behind the two messages never comes.
        using var input = new EndlessLines("one", "two");
        input.OnWaiting = () => Assert.True(interrupts.Press());
        var talk = Talk(partner, new ChatRecipe(), input, interrupts, isKeyboard: true);
        Assert.Equal("A\n\n", talk.Output);
        Assert.Equal(["user: one", "assistant: A"], talk.Told!.Messages.Select(message => $"{message.Role}: {message.Content}")); // nothing of the second
        Assert.Equal(2, talk.Error.Split("(the answer was stopped)\n").Length - 1);
        Assert.False(interrupts.Press()); // and again ends the process
    }

    [Fact]
    public void A_stop_without_a_keyboard_is_a_stop()
    {
        using var interrupts = new ChatInterrupts(isKeyboard: false, CancellationToken.None);
        var partner = new ScriptedPartner([new ScriptedAnswer("A", " lot")]) { AfterText = () => interrupts.Press() };
        Assert.Throws<OperationCanceledException>(() => Talk(partner, new ChatRecipe(), new StringReader("one\ntwo\n"), interrupts, isKeyboard: false));
        Assert.Single(partner.Asked);
        using var stop = new CancellationTokenSource();
        using var outer = new ChatInterrupts(isKeyboard: true, stop.Token);
        partner = new ScriptedPartner([new ScriptedAnswer("A", " lot")]) { AfterText = stop.Cancel };
        Assert.Throws<OperationCanceledException>(() => Talk(partner, new ChatRecipe(), new StringReader("one\ntwo\n"), outer, isKeyboard: true));
    }

    private static Spoken Talk(ScriptedPartner partner, ChatRecipe recipe, string input, bool isKeyboard = false)
    {
        using var interrupts = new ChatInterrupts(isKeyboard, CancellationToken.None);
        return Talk(partner, recipe, new StringReader(input), interrupts, isKeyboard);
    }

    private static Spoken Talk(ScriptedPartner partner, ChatRecipe recipe, TextReader input, ChatInterrupts interrupts, bool isKeyboard)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var host = new CliHost(output, error, input, null, new StubEngine()) { IsKeyboard = isKeyboard };
        var told = new ChatSession(partner, recipe, host, host.Output, interrupts).Run();
        return new Spoken(output.ToString(), error.ToString(), told);
    }

    private sealed record Spoken(string Output, string Error, ChatTranscript? Told);

    /// <summary>Lines, and then a wait that only its end ends.</summary>
    private sealed class EndlessLines(params string[] lines) : TextReader
    {
        private readonly ManualResetEventSlim _disposed = new();
        private int _read;

        public Action OnWaiting { get; set; } = () => { };

        public override string? ReadLine()
        {
            if (_read < lines.Length) return lines[_read++];
            OnWaiting();
            _disposed.Wait();
            return null;
        }

        protected override void Dispose(bool disposing)
        {
            _disposed.Set();
            base.Dispose(disposing);
        }
    }
}
