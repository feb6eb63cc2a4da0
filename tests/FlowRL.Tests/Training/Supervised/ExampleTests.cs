using FlowRL.Models;
using FlowRL.Tasks.ProblemSets;
using FlowRL.Tests.Support;
using FlowRL.Training;
using FlowRL.Training.Supervised;

namespace FlowRL.Tests.Training.Supervised;

/// <summary>From rows in the layouts that people have to token ids, and which of them are taught.</summary>
public sealed class ExampleTests : IDisposable
{
    private const string TwoTurns = """{"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "a"}, """ +
        """{"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}""";

    private readonly TemporaryFolder _folder = new();
    private readonly LanguageModel _model = ChatModels.Create();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(TwoTurns, "b<|im_end|>d<|im_end|>")]
    [InlineData("""{"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}], "system": "S"}""", "b<|im_end|>")]
    [InlineData("""{"messages": "[{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}]"}""", "b<|im_end|>")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0}, {"role": "user", "content": "c"}, {"role": "assistant", "content": "d", "weight": 1}]}""", "d<|im_end|>")]
    [InlineData("""{"prompt": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}], "completion": [{"role": "assistant", "content": "d"}]}""", "d<|im_end|>")]
    [InlineData("""{"prompt": [{"role": "user", "content": "a"}], "completion": "b"}""", "b<|im_end|>")]
    [InlineData("""{"prompt": "a=", "completion": "b"}""", "b<|im_end|>")]
    [InlineData("""{"question": "a", "answer": 7}""", "7<|im_end|>")]
    [InlineData("""{"instruction": "Do", "input": "it", "output": "ok"}""", "ok<|im_end|>")]
    [InlineData("""{"text": "<|im_start|>user\nab<|im_end|>"}""", "<|im_start|>user\nab<|im_end|>")]
    public void What_the_assistant_writes_is_taught(string row, string taught) => Assert.Equal(taught, Taught(Only(row)));

    [Theory]
    [InlineData(TwoTurns, "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\nd<|im_end|>")]
    [InlineData("""{"instruction": "Do", "input": "it", "output": "ok", "system": "S"}""", "<bos>S\n\nDo\n\nitok<|im_end|>")]
    [InlineData("""{"instruction": "Do", "input": "", "output": "ok"}""", "<bos>Dook<|im_end|>")]
    [InlineData("""{"text": "<bos>a<|im_end|>"}""", "<bos>a<|im_end|>")]
    public void Whole_sequences_end_where_the_last_taught_token_does(string row, string text)
    {
        var sequence = Only(row);
        Assert.Equal(text, _model.Tokenizer.Decode([.. sequence.Prompt, .. sequence.Response], skipSpecial: false));
    }

    [Theory]
    [InlineData(TaughtTokens.Last, "d<|im_end|>")]
    [InlineData(TaughtTokens.All, "system\nS<|im_end|>\n<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\nd<|im_end|>\n")]
    public void Less_or_more_is_taught_where_the_recipe_says_so(TaughtTokens loss, string taught) =>
        Assert.Equal(taught, Taught(Only(TwoTurns, new ExampleOptions { Loss = loss })));

    [Fact]
    public void Prompts_and_instructions_go_through_the_recipes_template_and_the_models()
    {
        const string row = """{"prompt": "1+1", "completion": "2", "system": "Add."}""";
        string Text(PromptOptions prompt) => Decoded(Only(row, new ExampleOptions { Prompt = prompt }));
        Assert.Equal("<bos>Add.\n\n1+1=2<|im_end|>", Text(new PromptOptions { Template = "{problem}=" }));
        Assert.Equal("<|im_start|>system\nAdd.<|im_end|>\n<|im_start|>user\n1+1?<|im_end|>\n<|im_start|>assistant\n2<|im_end|>",
            Text(new PromptOptions { Template = "{problem}?", Chat = true }));
        Assert.StartsWith("<|im_start|>system\nT<|im_end|>\n", Text(new PromptOptions { Chat = true, System = "T" }), StringComparison.Ordinal);
        // Conversations keep their words.
        Assert.DoesNotContain("=", Decoded(Only(TwoTurns, new ExampleOptions { Prompt = new PromptOptions { Template = "{problem}=" } })), StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_of_other_names_are_mapped()
    {
        Assert.Equal("b<|im_end|>", Taught(Only("""{"x": {"q": "a", "r": "b"}}""",
            new ExampleOptions { Fields = new ExampleFields { Prompt = "x.q", Completion = "x.r" } })));
        Assert.Equal("b<|im_end|>", Taught(Only("""{"text": "no", "chat": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}""",
            new ExampleOptions { Fields = new ExampleFields { Messages = "chat" } })));
        // Asked for by its layout where it has the fields of two.
        const string both = """{"prompt": "p", "completion": "c", "text": "t"}""";
        Assert.Equal("c<|im_end|>", Taught(Only(both)));
        Assert.Equal("t<|im_end|>", Taught(Only(both, new ExampleOptions { Layout = ExampleLayout.Text })));
    }

    [Fact]
    public void Long_examples_are_cut_or_left_out_and_that_is_said()
    {
        var rows = string.Join('\n', """{"prompt": "aaaa", "completion": "bbbb"}""", """{"prompt": "aaaaaaaaaa", "completion": "b"}""",
            """{"prompt": "a", "completion": "b"}""");
        var file = _folder.In("rows.jsonl");
        var cut = Set(rows, new ExampleOptions { MaxTokens = 8 });
        Assert.Equal(["bbb", "b<|im_end|>"], cut.Train.Select(Taught));
        Assert.Equal([$"1 left out (nothing is the assistant's within 8 tokens): {file}:2", $"1 cut to 8 tokens (data.max_tokens): {file}:1",
            "2 examples, 12 tokens, of which 5 are taught"], cut.Notes);
        var skipped = Set(rows, new ExampleOptions { MaxTokens = 8, Long = LongExamples.Skip });
        Assert.Equal(["b<|im_end|>"], skipped.Train.Select(Taught));
        Assert.Equal([$"2 left out (over 8 tokens): {file}:1, {file}:2", "1 examples, 4 tokens, of which 2 are taught"], skipped.Notes);
        Assert.Equal($"{file}:1: has 10 tokens, more than 8; raise data.max_tokens, or set data.long to cut or skip.",
            Refused(rows, new ExampleOptions { MaxTokens = 8, Long = LongExamples.Refuse }));
        Assert.Equal("data.max_tokens: 300 is more than the model's context of 256 tokens; lower it.", Refused(rows, new ExampleOptions { MaxTokens = 300 }));
        Assert.Equal((256, 100, 50), (ExampleSet.Limit(new ExampleOptions(), 256, null), ExampleSet.Limit(new ExampleOptions(), 256, 100),
            ExampleSet.Limit(new ExampleOptions { MaxTokens = 50 }, 256, 100)));
    }

    [Theory]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}]}""", "nothing in it is the assistant's")]
    [InlineData("""{"messages": []}""", "messages is neither a text nor a conversation")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant"}]}""", "messages[1] is no message, which has a role and a content")]
    [InlineData("""{"messages": "hello"}""", "messages is not a conversation")]
    [InlineData("""{"messages": "[{'role': 'user', 'content': 'a'}]"}""", "messages is a conversation in Python's notation, not in JSON's")]
    [InlineData("""{"messages": [{"role": "assistant", "content": "a", "weight": 0.5}]}""",
        "messages[0].weight is neither 0, which leaves a message out of what is taught, nor 1")]
    [InlineData("""{"messages": [{"role": "assistant", "content": "a"}], "tools": 3}""", "tools is no list of definitions")]
    [InlineData("""{"messages": [{"role": "assistant", "content": "a"}], "chat_template_kwargs": [1]}""", "chat_template_kwargs is no object")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": null, "tool_calls": [{"function": {"name": "f"}}]}]}""",
        "The chat template in learnt/chat_template.jinja fails on the conversation (line 1, column 72): 'dict object' has no attribute 'content'; " +
        "give it the roles and fields that it is written for")]
    [InlineData("""{"prompt": "a", "completion": ""}""", "completion is empty")]
    [InlineData("""{"prompt": "a", "completion": [{"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}]}""",
        "completion is a conversation and prompt is not; set data.prompt.chat to true")]
    [InlineData("""{"prompt": {}, "completion": "b"}""", "prompt is neither a text nor a conversation")]
    [InlineData("""{"text": {}}""", "text is not a text")]
    [InlineData("{", "not valid JSON")]
    public void Rows_that_cannot_be_used_are_refused_with_file_and_line_or_counted(string row, string reason)
    {
        var good = row.Contains("messages", StringComparison.Ordinal) ? TwoTurns : row.Contains("text\":", StringComparison.Ordinal)
            ? """{"text": "t"}""" : """{"prompt": "p", "completion": "c"}""";
        var file = _folder.In("rows.jsonl");
        Assert.Equal($"{file}:2: {reason}; correct the row, or set data.damaged to skip.", Refused($"{good}\n{row}", new ExampleOptions()));
        var set = Set($"{good}\n{row}", new ExampleOptions { Damaged = DamagedRows.Skip });
        Assert.Single(set.Train);
        Assert.Equal($"1 left out ({reason}): {file}:2", set.Notes.First());
    }

    [Fact]
    public void Files_without_examples_are_refused()
    {
        var file = _folder.In("rows.jsonl");
        Assert.Equal($"{file}:1: the fields 'a', 'b' are no known layout of examples; there are messages or conversations, prompt and completion, instruction " +
            "and output, and text. Name yours in data.fields.", Refused("""{"a": 1, "b": 2}""", new ExampleOptions()));
        Assert.Equal($"{file}: holds no rows that can be read; give a file with examples.", Refused("\n", new ExampleOptions()));
        using var plain = TinyRuns.Model();
        var files = Files(TwoTurns, new ExampleOptions());
        Assert.StartsWith("There is no chat template beside arithmetic/tokenizer.json:",
            Assert.Throws<BadInputException>(() => new ExampleSet(files, new ExampleOptions(), plain, 64)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_held_back_is_not_trained_on()
    {
        static string Row(int i) => $$"""{"prompt": "{{i}}", "completion": "c"}""";
        var held = _folder.Write("held.jsonl", Row(3));
        var set = Set($"{Row(1)}\n{Row(3)}\n{Row(1)}", new ExampleOptions { Validation = [held], ValidationShare = 0.05 });
        Assert.Equal((2, 1), (set.Train.Count, set.Validation.Count)); // repeated rows count as often as they stand there
        Assert.Equal([$"1 left out (also a validation example): {_folder.In("rows.jsonl")}:2", "2 examples, 8 tokens, of which 4 are taught; 1 for validation"], set.Notes);
        var share = Set(string.Join('\n', Enumerable.Range(0, 400).Select(i => Row(i / 2))), new ExampleOptions { ValidationShare = 0.2 });
        Assert.InRange(share.Validation.Count, 50, 110);
        Assert.Equal(400, share.Train.Count + share.Validation.Count);
        Assert.Empty(share.Train.Select(Decoded).Intersect(share.Validation.Select(Decoded)));
        Assert.Equal($"{share.Validation.Count} of 400 examples are kept apart for validation (data.validation_share)", share.Notes.First());
    }

    private ExampleFiles Files(string rows, ExampleOptions options) => new(options with { Train = [_folder.Write("rows.jsonl", rows)] });

    private ExampleSet Set(string rows, ExampleOptions options)
    {
        if (options.Validation.Count == 0 && options.ValidationShare == new ExampleOptions().ValidationShare) options = options with { ValidationShare = 0 };
        return new ExampleSet(Files(rows, options), options, _model, ExampleSet.Limit(options, _model.Decoder.Config.ContextLength, null));
    }

    private TokenSequence Only(string row, ExampleOptions? options = null) => Assert.Single(Set(row, options ?? new ExampleOptions()).Train);

    private string Refused(string rows, ExampleOptions options) => Assert.Throws<BadInputException>(() => Set(rows, options)).Message;

    private string Taught(TokenSequence sequence) =>
        _model.Tokenizer.Decode([.. sequence.Response.Where((_, t) => sequence.IsTaught(t))], skipSpecial: false);

    private string Decoded(TokenSequence sequence) => _model.Tokenizer.Decode([.. sequence.Prompt, .. sequence.Response], skipSpecial: false);
}
