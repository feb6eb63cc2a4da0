using System.Text.Json.Nodes;
using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Tasks;
using FlowRL.Tasks.ProblemSets;
using FlowRL.Tests.Support;
using FlowRL.Tests.Tokenization;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Tasks.ProblemSets;

/// <summary>Conversations with more than role and content, and what recipes give to chat templates beside them.</summary>
public sealed class ConversationRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"role": "user", "content": "a"}""", "user", "a", null)]
    [InlineData("""{"role": "user", "content": "a", "name": null}""", "user", "a", null)]
    [InlineData("""{"role": "user", "content": "a", "name": "Ada"}""", "user", "a", """{"name":"Ada"}""")]
    [InlineData("""{"from": "human", "value": "a"}""", "user", "a", null)]
    [InlineData("""{"from": "observation", "value": "7"}""", "tool", "7", null)]
    [InlineData("""{"from": "narrator", "value": "a"}""", "narrator", "a", null)]
    [InlineData("""{"from": "function_call", "value": "{\"name\": \"add\", \"arguments\": {\"a\": 2}}"}""", "assistant", """[{"name":"add","arguments":{"a":2}}]""",
        """{"content":null,"tool_calls":[{"type":"function","function":{"name":"add","arguments":{"a":2}}}]}""")]
    [InlineData("""{"role": "assistant", "content": null, "tool_calls": [{"function": {"name": "f"}}]}""", "assistant", """[{"function":{"name":"f"}}]""",
        """{"tool_calls":[{"function":{"name":"f"}}],"content":null}""")]
    [InlineData("""{"role": "assistant", "reasoning_content": "hm"}""", "assistant", "hm", """{"reasoning_content":"hm","content":null}""")]
    [InlineData("""{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}""", "user", "ab",
        """{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}""")]
    public void Messages_keep_what_templates_read(string message, string role, string content, string? fields)
    {
        var turn = ConversationRows.Turn(JsonNode.Parse(message))!;
        Assert.Equal((role, content, fields), (turn.Role, turn.Content, turn.Fields?.ToJsonString()));
        Assert.Equal(turn, ConversationRows.Turn(JsonNode.Parse(message)));
    }

    [Theory]
    [InlineData("""{"role": "assistant", "content": null}""")]
    [InlineData("""{"role": "user", "content": {}}""")]
    [InlineData("""{"content": "a"}""")]
    [InlineData("""{"from": "function_call", "value": "add(2)"}""")]
    [InlineData("""{"from": "function_call", "value": "{\"arguments\": {}}"}""")]
    [InlineData("3")]
    public void What_is_no_message_is_none(string message) => Assert.Null(ConversationRows.Turn(JsonNode.Parse(message)));

    [Fact]
    public void Rows_with_calls_tools_and_variables_are_prompts_as_the_template_writes_them()
    {
        const string row = """
            {"prompt": [{"role": "user", "content": "2+3?"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "add", "arguments": {"a": 2}}}]},
            {"role": "tool", "content": "5"}], "answer": "5", "chat_template_kwargs": {"enable_thinking": false},
            "tools": [{"type": "function", "function": {"name": "add", "parameters": {}}}]}
            """;
        var prompt = Assert.IsType<Prompt.Chat>(Load(row, new PromptOptions()));
        Assert.Equal("tools: add\n\nuser: 2+3?\n\nassistant: \n\ntool: 5", prompt.Text);
        var ids = LanguageModel.EncodePrompt(GoldenTokenizers.Qwen3, prompt, null);
        var text = GoldenTokenizers.Qwen3.Decode(ids, skipSpecial: false);
        Assert.Contains("<tools>\n{\"type\": \"function\", \"function\": {\"name\": \"add\", \"parameters\": {}}}\n</tools>", text, StringComparison.Ordinal);
        Assert.Contains("<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 2}}\n</tool_call>", text, StringComparison.Ordinal);
        Assert.EndsWith("<tool_response>\n5\n</tool_response><|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_gives_switches_variables_and_tools_and_a_rows_own_go_above_them()
    {
        var tools = _folder.Write("tools.json", """[{"name": "f"}]""");
        var options = new PromptOptions
        {
            Chat = true,
            EnableThinking = false,
            Tools = tools,
            Variables = new Dictionary<string, string> { ["effort"] = "low", ["budget"] = "512", ["when"] = "2026-01-31", ["deep"] = "{\"a\": [1]}", ["flag"] = "true" },
        };
        const string recipes = """{"effort":"low","budget":512,"when":"2026-01-31","deep":{"a":[1]},"flag":true,"enable_thinking":false}""";
        var plain = Assert.IsType<Prompt.Chat>(Load("""{"prompt": "p", "answer": "1"}""", options));
        Assert.Equal((recipes, """[{"name":"f"}]"""), (plain.Variables!.ToJsonString(), plain.Tools!.ToJsonString()));
        var own = Assert.IsType<Prompt.Chat>(Load(
            """{"prompt": [{"role": "user", "content": "p"}], "answer": "1", "chat_template_kwargs": {"effort": "high"}, "tools": "[{\"name\": \"g\"}]"}""", options));
        Assert.Equal((recipes.Replace("low", "high"), """[{"name":"g"}]"""), (own.Variables!.ToJsonString(), own.Tools!.ToJsonString()));
        Assert.NotEqual<Prompt>(plain, plain with { Variables = null });
        Assert.NotEqual<Prompt>(plain, plain with { Tools = null });
    }

    [Theory]
    [InlineData("enable_thinking: false, variables: {enable_thinking: true}", "variables.enable_thinking: stands in enable_thinking too; give it once.")]
    [InlineData("variables: {messages: x}", "variables.messages: is what a conversation itself gives to its template; choose another name.")]
    [InlineData("variables: {tools: x}", "variables.tools: is what a conversation itself gives to its template; choose another name, or name a file in task.data.prompt.tools.")]
    [InlineData("variables: {deep: '{a'}", "variables.deep: '{a' is not JSON; close its brackets and quotation marks, or begin it with a letter, to be taken as text.")]
    public void Variables_that_mean_something_else_are_refused(string prompt, string message)
    {
        var error = Assert.Throws<BadInputException>(() => OptionsFile.Parse<EvaluateRecipe>($"task: {{type: math, data: {{prompt: {{{prompt}}}}}}}", "r.yaml")).Message;
        Assert.EndsWith($"task.data.prompt.{message}", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_with_variables_reads_back_equal()
    {
        var recipe = OptionsFile.Parse<EvaluateRecipe>("task: {type: math, data: {prompt: {variables: {effort: low, size: 3, flag: true}}}}", "r.yaml",
            ["task.data.prompt.variables.size=4"]);
        var written = OptionsWriter.Write(recipe);
        Assert.Contains("      variables:\n        effort: low\n        size: \"4\"\n        flag: \"true\"\n", written, StringComparison.Ordinal);
        Assert.Equal(written, OptionsWriter.Write(OptionsFile.Parse<EvaluateRecipe>(written, "r.yaml")));
    }

    [Fact]
    public void Files_without_tools_are_refused()
    {
        Assert.Equal($"no/tools.json: there is no such file of tools (task.data.prompt.tools); give a path from {Directory.GetCurrentDirectory()} or a full one.",
            Assert.Throws<BadInputException>(() => new PromptMaker(new PromptOptions { Tools = "no/tools.json" })).Message);
        var file = _folder.Write("tools.json", """{"name": "f"}""");
        Assert.Equal($"{file}: holds no list of tools; write a JSON array of objects, each as [{{\"type\": \"function\", \"function\": {{\"name\": ...}}}}].",
            Assert.Throws<BadInputException>(() => new PromptMaker(new PromptOptions { Tools = file })).Message);
    }

    private Prompt Load(string row, PromptOptions prompt) => ProblemSet.Load(new DataOptions
    {
        Test = [_folder.Write("rows.jsonl", row.ReplaceLineEndings(""))],
        Prompt = prompt,
    })[Split.Test][0].Problem.Prompt;
}
