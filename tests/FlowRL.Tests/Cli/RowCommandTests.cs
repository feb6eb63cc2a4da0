using System.Globalization;
using System.Text.Json.Nodes;
using FlowRL.Cli;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tests.Cli.Chatting;
using FlowRL.Tests.Models.Families;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Cli;

/// <summary>Commands that answer or score rows of a file, and a conversation, from the command line to the lines that they write.</summary>
public sealed class RowCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Score_writes_lines_and_says_the_perplexity()
    {
        var family = new GoldenFamily("llama");
        var ids = string.Join(',', family.Ids()[0]);
        var file = _folder.Write("rows.jsonl", $"{{\"ids\": [{ids}], \"id\": \"first\"}}\n");
        var run = await ToolRun.Of("score", family.Folder, file);
        Assert.Equal(0, run.Code);
        Assert.StartsWith($"{{\"id\":\"first\",\"ids\":[{ids}],\"log_probabilities\":[-", run.Output, StringComparison.Ordinal);
        var line = run.Json;
        var logProbs = line["log_probabilities"]!.AsArray().Select(value => (double)value!).ToList();
        Assert.Equal(39, logProbs.Count);
        Assert.Equal(["id", "ids", "log_probabilities", "total"], line.Select(pair => pair.Key));
        Assert.Equal(logProbs.Sum(), (double)line["total"]!, 1e-4);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"perplexity {Math.Exp(-(double)line["total"]! / 39):G7}: 39 tokens of 1 rows\n"), run.Error);

        var json = await ToolRun.Of("score", family.Folder, file, "--engine", "tensor", "--out", _folder.In("scored.jsonl"), "--json");
        Assert.Equal((0, "", 39, 1), (json.Code, json.Error, (int)json.Json["tokens"]!, (int)json.Json["rows"]!));
        Assert.Equal(Math.Exp(-(double)line["total"]! / 39), (double)json.Json["perplexity"]!, 0.1);
        Assert.Single(File.ReadLines(_folder.In("scored.jsonl")));
    }

    [Fact]
    public async Task Score_leaves_its_file_as_it_was_where_a_line_is_wrong()
    {
        var file = _folder.Write("rows.jsonl", "{\"ids\": [1]}\n{\"ids\": [1\n");
        _folder.Write("scored.jsonl", "before");
        var run = await ToolRun.Of("score", new GoldenFamily("llama").Folder, file, "--out", _folder.In("scored.jsonl"));
        Assert.Equal((2, "", $"{file}:2: not valid JSON; correct the line.\n"), (run.Code, run.Output, run.Error));
        Assert.Equal(("before", 2), (File.ReadAllText(_folder.In("scored.jsonl")), _folder.FileNames().Length));
    }

    [Fact]
    public async Task Score_reads_standard_input_and_uses_tensors_where_kernels_cannot()
    {
        var (code, output, error) = await CliProcess.RunWithInputAsync(_folder.Path, "{\"ids\": [3, 4, 5]}\n{\"ids\": [6]}\n",
            "score", new GoldenFamily("lfm2").Folder, "-", "--engine", "cpu");
        Assert.Equal((0, 2), (code, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.EndsWith("{\"ids\":[6],\"log_probabilities\":[],\"total\":0}\n", output, StringComparison.Ordinal);
        Assert.StartsWith("scoring with tensor operations: the CPU engine, which is faster, cannot serve this model (short convolutions", error,
            StringComparison.Ordinal);
        Assert.EndsWith(": 2 tokens of 2 rows\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_goes_on_where_it_was_stopped()
    {
        var prompts = _folder.Write("prompts.jsonl", "{\"prompt\": \"1,2=3:\"}\n{\"prompt\": \"2,2=4:\", \"id\": \"b\"}\n{\"prompt\": \"3,2=5:\"}\n");
        string[] Command(string target) => ["generate", "embedded:countdown", "--prompts", prompts, "--samples", "2", "--out", target,
            "--set", "threads=1", "--set", "slots=2", "--max-new-tokens", "9"];
        var whole = await ToolRun.Of(Command(_folder.In("whole.jsonl")));
        Assert.Equal((0, ""), (whole.Code, whole.Output));
        Assert.Matches("^3 prompts × 2 samples\n3 prompts, 6 responses, [0-9]+ tokens, [0-9.]+ s\n$", whole.Error);
        var lines = File.ReadAllLines(_folder.In("whole.jsonl"));
        Assert.Equal(["1 0", "1 1", "b 0", "b 1", "3 0", "3 1"], lines.Select(line => JsonNode.Parse(line)!).Select(line => $"{line["id"]} {line["index"]}"));

        using var stop = new CancellationTokenSource();
        var error = new StringWriter { NewLine = "\n" };
        var tool = new FlowRLTool(new CliHost(TextWriter.Null, error, TextReader.Null, null, new StubEngine { AfterRow = stop.Cancel }));
        Assert.Equal(1, await tool.RunAsync(Command(_folder.In("again.jsonl")), stop.Token));
        Assert.Equal("3 prompts × 2 samples\nStopped. Where --out names a file, the same command goes on with the rows that are left.\n", error.ToString());
        var partial = Directory.GetFiles(_folder.Path, "again.jsonl.partial-*").Single();
        Assert.Equal(lines[..2], File.ReadAllLines(partial));

        var again = await ToolRun.Of(Command(_folder.In("again.jsonl")));
        Assert.Equal(0, again.Code);
        Assert.StartsWith("3 prompts × 2 samples, 1 prompts answered already\n2 prompts, 4 responses, ", again.Error, StringComparison.Ordinal);
        Assert.Equal(lines, File.ReadAllLines(_folder.In("again.jsonl")));
        Assert.Equal(["again.jsonl", "prompts.jsonl", "whole.jsonl"], _folder.FileNames());
    }

    [Fact]
    public async Task Evals_lines_add_up_to_its_report()
    {
        var run = await ToolRun.Of(new TrainingEngine(), "eval", "embedded:countdown", "--task", "countdown", "--problems", "20", "--samples", "4",
            "--out", _folder.In("responses.jsonl"), "--json", "--set", "threads=1", "--set", "slots=16");
        Assert.Equal(0, run.Code);
        var lines = File.ReadLines(_folder.In("responses.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(80, lines.Count);
        Assert.Equal((double)run.Json["accuracy"]!, lines.Average(line => (bool)line["correct"]! ? 1.0 : 0), 1e-12);
        Assert.Equal((double)run.Json["reward"]!, lines.Average(line => (double)line["reward"]!), 1e-12);
        Assert.Equal((double)run.Json["mean_length"]!, lines.Average(line => (double)line["tokens"]!), 1e-12);
        Assert.Equal((double)run.Json["reward_parts"]!["steps"]!, lines.Average(line => (double)line["parts"]!["steps"]!), 1e-12);
        Assert.Equal((double)run.Json["truncated"]!, lines.Average(line => (string)line["finish_reason"]! == "length" ? 1.0 : 0), 1e-12);
        Assert.Equal(20, lines.Select(line => (string)line["id"]!).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 80).Select(i => i % 4), lines.Select(line => (int)line["index"]!));
    }

    [Fact]
    public async Task Eval_writes_what_went_wrong_too_and_only_a_whole_evaluation()
    {
        Response Said(string text) => new()
        { TokenIds = [1], LossMask = [true], LogProbs = [-0.5f], PolicyVersions = [0], FinishReason = FinishReason.Length, Text = text };
        var group = new ScoredGroup(new RolloutGroup(new Problem("p", "1=?", "1"), [1], [Said("one\u202e"), Said("two")]),
            [new Verdict(new Reward.Score(0.5, new Dictionary<string, double> { ["form"] = 1 }), "1", "1"), Verdict.Unanswered(new Reward.Error("it broke"))]);
        var target = _folder.In("responses.jsonl");
        string[] command = ["eval", "m", "--task", "countdown", "--out", target];
        var stopped = await ToolRun.Of(new StubEngine { Scored = [group], Failure = new OperationCanceledException() }, command);
        Assert.Equal((1, 0), (stopped.Code, _folder.FileNames().Length));
        Assert.Equal(0, (await ToolRun.Of(new StubEngine { Scored = [group] }, command)).Code);
        Assert.Equal(
            "{\"id\":\"p\",\"prompt\":\"1=?\",\"index\":0,\"response\":\"one\\u202e\",\"tokens\":1,\"log_probability\":-0.5,\"finish_reason\":\"length\"," +
            "\"correct\":true,\"answer\":\"1\",\"solution\":\"1\",\"reward\":0.5,\"parts\":{\"form\":1},\"failure\":null}\n" +
            "{\"id\":\"p\",\"prompt\":\"1=?\",\"index\":1,\"response\":\"two\",\"tokens\":1,\"log_probability\":-0.5,\"finish_reason\":\"length\"," +
            "\"correct\":false,\"answer\":null,\"solution\":null,\"reward\":null,\"parts\":{},\"failure\":\"it broke\"}\n", File.ReadAllText(target));
    }

    [Fact]
    public async Task Chat_passes_its_options_on_and_tells_a_program_the_whole_conversation()
    {
        var engine = new StubEngine { Partner = new ScriptedPartner(["hello", "hallo"]) };
        var run = await ToolRun.Of(engine, "chat", "m", "--system", "be \"kind\"", "--samples", "2", "--temperature", "0.5", "--top-p", "0.9", "--seed", "3",
            "--max-new-tokens", "11", "--no-thinking", "--json");
        Assert.Equal("{\"turns\":1,\"messages\":[{\"role\":\"system\",\"content\":\"be \\\"kind\\\"\"},{\"role\":\"user\",\"content\":\"from stdin\"}," +
            "{\"role\":\"assistant\",\"content\":\"hello\"}]}\n", run.Output);
        var recipe = engine.Talked!;
        Assert.Equal(("m", "be \"kind\"", 2, 0.5, 0.9, 3L, 11, false, false), (recipe.Model.Path, recipe.System, recipe.Samples, recipe.Sampling.Temperature,
            recipe.Sampling.TopP, recipe.Seed, recipe.Sampling.MaxNewTokens, recipe.Thinking, recipe.Plain));
        await ToolRun.Of(engine = new StubEngine { Partner = new ScriptedPartner(["hi"]) }, "chat", "m", "--max-new-tokens", "5");
        Assert.Equal((0.7, 0.95, 5), (engine.Talked!.Sampling.Temperature, engine.Talked.Sampling.TopP, engine.Talked.Sampling.MaxNewTokens));
    }

    /// <summary>A real model that was taught to talk, whose most likely words the reference wrote down.</summary>
    [Fact]
    public async Task A_model_in_GGUF_answers_a_pipe_as_the_reference_does()
    {
        var model = Directory.GetFiles(SharedModels.PathOf("smollm2-135m"), "*.gguf").Single();
        var (code, output, error) = await CliProcess.RunWithInputAsync(_folder.Path,
            "What is the capital of France?\n/reset\nWrite a Python function that reverses a string.\n", "chat", model, "--temperature", "0", "--max-new-tokens", "20");
        Assert.True(code == 0, error);
        Assert.StartsWith("The capital of France is Paris.\n```python\ndef reverse_string(input_str):\n    return input_str[::-1]\n", output,
            StringComparison.Ordinal);
        Assert.Equal("Forgotten.\n(the answer was cut at 20 tokens; --max-new-tokens allows more)\n", error);
    }
}
