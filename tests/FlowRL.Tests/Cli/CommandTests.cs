using FlowRL.Checkpoints;
using FlowRL.Cli;
using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Recipes;
using FlowRL.Tasks;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Cli;

public sealed class CommandTests
{
    [Theory]
    [InlineData("trian", "'trian' is not known here; did you mean 'train'?\nSee: flowrl --help\n")]
    [InlineData("train --sets x", "'--sets' is not known here; did you mean '--set'?\n'x' is not known here.\nSee: flowrl train --help\n")]
    [InlineData("train -s", "'-s' is not known here.\nSee: flowrl train --help\n")]
    [InlineData("train --seed x", "--set run.seed: 'x' is not a whole number.\n")]
    [InlineData("eval", "Option '--task' is required.\n<path> is missing. A model folder, a run, a checkpoint, a .gguf file, a llama2.c .bin file, a name of the hub such as Qwen/Qwen3-0.6B, or embedded:countdown.\nSee: flowrl eval --help\n")]
    [InlineData("schema x", "Argument 'x' not recognized. Must be one of:\n\t'train'\n\t'sft'\n\t'compare'\nSee: flowrl schema --help\n")]
    [InlineData("eval m --task gsm8k-smple", "--task: 'gsm8k-smple' is neither a task nor an evaluation; did you mean 'gsm8k-sample'?\n")]
    [InlineData("eval m --task MATH-500", "--task: 'MATH-500' is neither a task nor an evaluation; did you mean 'math500'?\n")]
    [InlineData("eval m --task aime24", "--task: 'aime24' is neither a task nor an evaluation; did you mean 'aime'?\n")]
    [InlineData("eval m --task minerva_math", "--task: 'minerva_math' is neither a task nor an evaluation; did you mean 'minerva'?\n")]
    [InlineData("eval m --task HumanEval+", "--task: 'HumanEval+' is neither a task nor an evaluation; did you mean 'humanevalplus'?\n")]
    [InlineData("eval m --task gsm8k", "--task gsm8k: its problems are read from a file of yours; give --data FILE.\n")]
    [InlineData("eval m --task humaneval", "--task humaneval: its problems are read from a file of yours; give --data FILE.\n")]
    [InlineData("eval m --task countdown --out nowhere/e.jsonl", "--out nowhere/e.jsonl: there is no folder ", true)]
    [InlineData("generate m", "Option '--prompts' is required.\nSee: flowrl generate --help\n")]
    [InlineData("generate m --prompts p.jsonl --samples 0", "--set samples: 0 is out of range; use a number from 1 to 4096.\n")]
    [InlineData("generate m --prompts p.jsonl", "p.jsonl: there is no such data file; give a path from ", true)]
    [InlineData("score m", "<file> is missing. JSON lines of text, or of prompt and completion, or of ids (which need no tokenizer); - reads standard input.\nSee: flowrl score --help\n")]
    [InlineData("score m f.jsonl --engine gpu", "--set engine: 'gpu' is not one of 'auto', 'cpu', 'tensor'; did you mean 'cpu'?\n")]
    [InlineData("chat m --system x --plain", "--set system: plain text has no system prompt; leave out plain, or write it into the text.\n")]
    [InlineData("verify code", "<file> is missing. JSON lines of program or response (a text that holds one), and tests; - reads standard input.\nSee: flowrl verify code --help\n")]
    public async Task A_wrong_command_line_is_bad_input(string line, string message, bool goesOn = false)
    {
        var run = await ToolRun.Of(line.Split(' '));
        Assert.Equal((2, "", message), (run.Code, run.Output, goesOn ? run.Error[..Math.Min(message.Length, run.Error.Length)] : run.Error));
    }

    [Fact]
    public async Task A_task_that_is_not_known_is_refused_with_those_that_are_and_with_every_other_error()
    {
        var known = OptionVariants.BuiltIn.Of(typeof(TaskOptions)).Keys.Select(name => $"'{name}'");
        var run = await ToolRun.Of("eval", "m", "--task", "countdwn", "--samples", "0");
        Assert.Equal((2, "", $"--set task: 'countdwn' is not one of {string.Join(", ", known)}; did you mean 'countdown'?\n" +
            "--set samples: 0 is out of range; use a number from 1 to 4096.\n"), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task A_name_that_is_near_to_nothing_is_told_all_there_are()
    {
        var run = await ToolRun.Of("eval", "m", "--task", "translation-to-french");
        Assert.Equal(2, run.Code);
        Assert.StartsWith("--task: 'translation-to-french' is neither a task nor an evaluation; tasks are code, countdown, ", run.Error, StringComparison.Ordinal);
        Assert.Contains("; evaluations are aime, amc, ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_command_at_all_says_how_to_begin()
    {
        var run = await ToolRun.Of();
        Assert.Equal((2, "A command is missing; 'flowrl train' post-trains the model that ships with FlowRL, and 'flowrl help' lists the others.\n" +
            "See: flowrl --help\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task A_wrong_command_line_is_json_too()
    {
        var run = await ToolRun.Of("trian", "--json");
        Assert.Equal("{\"error\":\"'trian' is not known here; did you mean 'train'?\",\"exit_code\":2}\n", run.Output);
    }

    [Fact]
    public async Task What_cannot_be_printed_is_a_failure_in_a_sentence()
    {
        foreach (var command in new[] { "--help", "schema" })
        {
            var full = new StreamWriter(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0)) { AutoFlush = true };
            var error = new StringWriter { NewLine = "\n" };
            var code = await new FlowRLTool(new CliHost(full, error, TextReader.Null, null, new StubEngine())).RunAsync([command]);
            Assert.Equal((1, (command == "schema" ? "Done, but the result could not be written to standard output: " : "") +
                "No space left on device: '/dev/full'; free some space, or write to another disk.\n"), (code, error.ToString()));
        }
    }

    [Fact]
    public async Task Help_lists_the_commands()
    {
        var run = await ToolRun.Of("--help");
        Assert.Equal(0, run.Code);
        Assert.All(new[] { "train", "sft", "compare", "eval", "sample", "chat", "generate", "score", "tokenize", "inspect", "merge", "export", "doctor", "bench", "verify", "schema", "recipe", "completion", "help" },
            c => Assert.Contains($"\n  {c} ", run.Output, StringComparison.Ordinal));
        Assert.Contains("Usage:\n  flowrl [command] [options]", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_passes_its_options_on()
    {
        var engine = new StubEngine();
        var run = await ToolRun.Of(
            engine, "eval", "runs/a [b]", "--task", "countdown", "--samples", "4", "--problems", "10", "--split", "validation",
            "--seed", "3", "--temperature", "0.6", "--top-p", "0.9", "--top-k", "20", "--min-p", "0.05", "--repetition-penalty", "1.1", "--max-new-tokens", "7", "--set", "task.max_number=9", "--json");
        Assert.Equal((0, 0.3125), (run.Code, (double)run.Json["accuracy"]!));
        var recipe = engine.Evaluated!;
        Assert.Equal(("runs/a [b]", 4, 10, Split.Validation, 3L, 0.6),
            (recipe.Model.Path, recipe.Samples, recipe.Problems, recipe.Split, recipe.Seed, recipe.Sampling.Temperature));
        Assert.Equal((0.9, 20, 0.05, 1.1, 7), (recipe.Sampling.TopP, recipe.Sampling.TopK, recipe.Sampling.MinP, recipe.Sampling.RepetitionPenalty,
            recipe.Sampling.MaxNewTokens));
    }

    [Fact]
    public async Task Eval_measures_fronts_where_they_are_asked_for()
    {
        var engine = new StubEngine();
        var run = await ToolRun.Of(engine, "eval", "m", "--task", "countdown", "--fronts", "--set", "texts=true");
        Assert.Equal(0, run.Code);
        Assert.Equal([0.4, 0.5, 0.6, 0.7, 0.8, 1, 1.2], engine.Evaluated!.Fronts!.Temperatures);
        Assert.Equal((true, true), (engine.Evaluated.Fronts.Paper, engine.Evaluated.Texts));
        await ToolRun.Of(engine, "eval", "m", "--task", "countdown");
        Assert.Null(engine.Evaluated.Fronts);
        var counts = new SolutionCounts(4, [2, 1], 4);
        Assert.EndsWith("\ntexts: Vendi score of words 2.50, self-BLEU 0.250\n\n" +
            "sampling                      accuracy  pass@4        distinct of 4  effective  commonest  coverage\n" +
            "T 0.6, top-p 0.95  75.0 (75.0 to 75.0)   100.0  2.00 (2.00 to 2.00)       1.89       66.7      50.0",
            EvaluationText.Of(StubEngine.Report with
            {
                Texts = new TextVariety(0.25, 2.5),
                Front = [FrontPoint.Of(FrontSetting.OfThePaper, [[counts]], [1, 4], 1)],
            }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_streams_for_people_and_not_for_programs()
    {
        var engine = new StubEngine();
        var run = await ToolRun.Of(engine, "sample", "m", "--prompt", "@a \"b\"\n", "--temperature", "0", "--max-new-tokens", "5");
        Assert.Equal((0, "4 2\n"), (run.Code, run.Output));
        Assert.Equal(("@a \"b\"\n", 0.0, 5),
            (engine.Sampled!.Prompt, engine.Sampled.Sampling.Temperature, engine.Sampled.Sampling.MaxNewTokens));
        Assert.Equal(
            "{\"text\":\"4 2\",\"length\":2,\"finish_reason\":\"stop\"}\n",
            (await ToolRun.Of("sample", "m", "--prompt", "x", "--json")).Output);
    }

    [Fact]
    public async Task Sample_reads_its_prompt_from_standard_input_without_the_shells_line_end()
    {
        foreach (var (input, prompt) in new[] { ("a\nb\n", "a\nb"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a", "a"), ("", "") })
        {
            var engine = new StubEngine();
            var host = new CliHost(TextWriter.Null, TextWriter.Null, new StringReader(input), null, engine);
            Assert.Equal(0, await new FlowRLTool(host).RunAsync(["sample", "m", "--prompt", "-"]));
            Assert.Equal(prompt, engine.Sampled!.Prompt);
        }
    }

    [Fact]
    public async Task Schema_prints_json_or_a_table()
    {
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string)(await ToolRun.Of("schema", "--json")).Json["$schema"]!);
        Assert.Equal("sft recipe", (string)(await ToolRun.Of("schema", "sft", "--json")).Json["title"]!);
        Assert.Equal(OptionsReference.Markdown<SftRecipe>(), (await ToolRun.Of("schema", "sft", "--markdown")).Output);
    }

    [Fact]
    public async Task Doctor_finds_this_machine_fit()
    {
        var run = await ToolRun.Of("doctor", "--json");
        Assert.Equal(0, run.Code);
        Assert.Equal(Environment.ProcessorCount, (int)run.Json["cores"]!);
        Assert.Null(run.Json["libtorch_error"]);
        Assert.InRange((double)run.Json["memory_gib"]!, 0.1, 1e5);
    }

    [Theory]
    [InlineData("control groups", "bubblewrap, control groups")]
    [InlineData(null, "bubblewrap, no control groups: memory is added up every 20 ms, and some of the kernel's is bounded a process only (docs/sandbox.md)")]
    public void Doctor_says_what_bounds_programs(string? groups, string text) => Assert.Equal(text, MachineReport.SandboxText(groups));

    [Fact]
    public async Task Tokenize_goes_both_ways()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("tokenizer.json"), """
            {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}, "pre_tokenizer":
            {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}, "decoder": {"type": "ByteLevel"}}
            """);
        Assert.Equal("2 0\n", (await ToolRun.Of("tokenize", folder.In("tokenizer.json"), "aba")).Output);
        Assert.Equal("{\"text\":\"aba\",\"ids\":[2,0],\"tokens\":[\"ab\",\"a\"]}\n",
            (await ToolRun.Of("tokenize", folder.In("tokenizer.json"), "aba", "--json")).Output);
        Assert.Equal("aba\n", (await ToolRun.Of("tokenize", folder.In("tokenizer.json"), "[2, 0]", "--decode")).Output);
        Assert.Equal("'3' is not a token id; ids are whole numbers below 3.\n",
            (await ToolRun.Of("tokenize", folder.In("tokenizer.json"), "2 3", "--decode")).Error);
    }

    [Fact]
    public async Task Tokenize_takes_the_tokenizer_of_a_runs_checkpoint()
    {
        using var folder = new TemporaryFolder();
        new CheckpointStore(folder.In("run/checkpoints"), 1).Save(1, place => ArithmeticVocabulary.Create().Save(place));
        Assert.Equal("11 111 6\n", (await ToolRun.Of("tokenize", folder.In("run"), "8,3")).Output);
    }

    [Fact]
    public async Task Tokenize_without_a_tokenizer_says_what_is_missing()
    {
        using var folder = new TemporaryFolder();
        var run = await ToolRun.Of("tokenize", folder.In("lost"), "x");
        Assert.Equal(
            (2, $"There is no tokenizer at {folder.In("lost")}: the path does not exist; give a model's folder or a tokenizer file.\n"),
            (run.Code, run.Error));
    }
}
