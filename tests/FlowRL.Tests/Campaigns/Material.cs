using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FlowRL.Checkpoints;
using FlowRL.Cli;
using FlowRL.Models;
using FlowRL.Tests.Cli;
using FlowRL.Tests.Support;
using FlowRL.Tests.Tokenization;
using Parquet.Serialization;

namespace FlowRL.Tests.Campaigns;

/// <summary>Whole files of every kind that the tool reads, to be damaged: models, a run that trained, data and recipes.</summary>
internal sealed class Material : IDisposable
{
    public const string Recipe = """
        model: {path: MODEL}
        task: {type: countdown, train_problems: 8}
        objective: {type: spo}
        rollout: {problems: 2, group_size: 2, slots: 4, sampling: {max_new_tokens: 4}}
        training: {steps: 2, mini_batch: 4, token_budget: 128, replay: {capacity: 4, groups: 2}, optimizer: {learning_rate: 1.0e-3, warmup_steps: 1}}
        evaluation: {every: 1, validation_problems: 1, validation_samples: 1, test_problems: 1, test_samples: 1}
        checkpoint: {every: 1, keep_last: 2}
        run: {threads: 1, folder: RUNS, name: r}

        """;

    private readonly TemporaryFolder _folder = new();

    public string Model => In("model");

    public string Run => In("runs", "r-1");

    public static async Task<Material> MakeAsync()
    {
        var material = new Material();
        material.Models();
        await material.DataAsync();
        material.Recipes();
        var run = await ToolRun.Of(new TrainingEngine(), "train", material.In("train.yaml"));
        Assert.True(run.Code == 0, run.Error);
        return material;
    }

    public string In(params string[] parts) => _folder.In(parts);

    /// <summary>Writes a checkpoint's list anew, so that damage passes its sums and reaches who reads the file.</summary>
    public static void Sum(string checkpoint)
    {
        var path = Path.Combine(checkpoint, Checkpoint.RecordName);
        var record = JsonNode.Parse(File.ReadAllText(path))!;
        foreach (var file in record["files"]!.AsArray())
        {
            var content = File.ReadAllBytes(Path.Combine(checkpoint, (string)file!["name"]!));
            (file["bytes"], file["sha256"]) = (content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
        }
        File.WriteAllText(path, record.ToJsonString());
    }

    public void Dispose() => _folder.Dispose();

    private void Models()
    {
        using (var model = TinyRuns.Model())
        {
            PretrainedModel.Save(Model, model);
            File.WriteAllText(In("model", "generation_config.json"), """{"eos_token_id": [2], "pad_token_id": 0}""");
            Directory.CreateDirectory(In("sharded"));
            foreach (var file in Directory.GetFiles(Model).Where(file => !file.EndsWith(".safetensors", StringComparison.Ordinal)))
                File.Copy(file, In("sharded", Path.GetFileName(file)));
            WeightFolder.Write(In("sharded"), [.. model.Decoder.Weights.Select(pair => (pair.Key, pair.Value))], 8000);
        }
        using (var adapted = PretrainedModel.LoadForTraining(new ModelOptions { Path = Model, Lora = new LoraOptions { Rank = 2 } }, 1, []))
            PretrainedModel.Save(In("adapters"), adapted);
        Directory.CreateDirectory(In("llama2c"));
        File.Copy(GoldenFiles.Path("stories260K", "stories260K.bin"), In("llama2c", "model.bin"));
        File.Copy(GoldenTokenizers.PathOf("stories260K", "tok512.bin"), In("llama2c", "tok512.bin"));
    }

    private async Task DataAsync()
    {
        var rows = Enumerable.Range(1, 40).Select(i => (Problem: $"{i},2,3={i + 5}:", Answer: $"{i + 5}")).ToList();
        var lines = string.Concat(rows.Select(row => new JsonObject { ["problem"] = row.Problem, ["answer"] = row.Answer }.ToJsonString() + "\n"));
        Directory.CreateDirectory(In("data"));
        File.WriteAllText(In("data", "a.jsonl"), lines);
        File.WriteAllText(In("data", "a.json"), $"[{lines.TrimEnd().Replace("\n", ",\n", StringComparison.Ordinal)}]");
        File.WriteAllText(In("data", "columns.json"), new JsonObject
        {
            ["problem"] = new JsonArray([.. rows.Select(row => (JsonNode)row.Problem)]),
            ["answer"] = new JsonArray([.. rows.Select(row => (JsonNode)row.Answer)]),
        }.ToJsonString());
        File.WriteAllText(In("data", "a.csv"), "problem,answer\n" + string.Concat(rows.Select(row => $"\"{row.Problem}\",{row.Answer}\n")));
        File.WriteAllText(In("data", "a.tsv"), "problem\tanswer\n" + string.Concat(rows.Select(row => $"{row.Problem}\t{row.Answer}\n")));
        File.WriteAllText(In("data", "verl.jsonl"), string.Concat(rows.Select(row => new JsonObject
        {
            ["data_source"] = "x",
            ["prompt"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = row.Problem }),
            ["reward_model"] = new JsonObject { ["style"] = "rule", ["ground_truth"] = row.Answer },
        }.ToJsonString() + "\n")));
        File.WriteAllText(In("data", "code.jsonl"), """
            {"problem":"p","solution":"print(1)","tests":[{"input":"1\n","output":"2"},{"call":"f(1)","expected":"(1,)"}]}
            {"task_id":"a/1","prompt":"def f():","entry_point":"f","canonical_solution":" return 1","base_input":[[1]],"plus_input":[[2]],"atol":0}
            {"question_content":"p","metadata":"{\"func_name\":\"f\"}","public_test_cases":"[{\"input\":\"1\",\"output\":\"3\"}]"}

            """);
        File.WriteAllText(In("data", "answers.jsonl"), string.Concat(rows.Select(row =>
            new JsonObject { ["gold"] = row.Answer, ["response"] = $"So \\boxed{{{row.Answer}}}." }.ToJsonString() + "\n")));
        File.WriteAllText(In("data", "attempts.jsonl"), string.Concat(rows.Select((_, i) => $$"""{"rating":{{800 + i}},"verdict":"passed"}""" + "\n")));
        foreach (var name in new[] { "a.jsonl", "a.csv", "a.json" })
        {
            using var packed = new GZipStream(File.Create(In("data", name + ".gz")), CompressionLevel.Optimal);
            packed.Write(File.ReadAllBytes(In("data", name)));
        }
        await using var parquet = File.Create(In("data", "a.parquet"));
        await ParquetSerializer.SerializeAsync(rows.Select(row => new ParquetRow { problem = row.Problem, answer = row.Answer }), parquet);
    }

    private void Recipes()
    {
        File.WriteAllText(In("train.yaml"), Filled(Recipe));
        File.WriteAllText(In("math.yaml"), Filled(Recipe).Replace("{type: countdown, train_problems: 8}",
            $"{{type: math, data: {{train: [{In("data", "a.jsonl")}], test: [{In("data", "verl.jsonl")}]}}}}", StringComparison.Ordinal));
        File.WriteAllText(In("sft.yaml"), """
            model: {create: {width: 16, layers: 1, heads: 2, key_value_heads: 1, feed_forward_width: 16, context_length: 64}}
            task: {type: countdown, train_problems: 8}
            steps: 2
            batch: 4
            token_budget: 128
            evaluation: {every: 1, validation_problems: 1, validation_samples: 1, test_problems: 0}
            run: {threads: 1}

            """);
        File.WriteAllText(In("compare.yaml"), Filled("""
            base: TRAIN
            folder: RUNS/comparison
            seeds: [1]
            evaluation: {problems: 2, samples: 4, k: [1, 4]}
            objectives:
              flowrl: {objective: flowrl}
              grpo: {objective: {type: grpo}}

            """));
    }

    private string Filled(string recipe) => recipe.Replace("MODEL", Model, StringComparison.Ordinal).Replace("RUNS", In("runs"), StringComparison.Ordinal)
        .Replace("TRAIN", In("train.yaml"), StringComparison.Ordinal);

#pragma warning disable IDE1006 // the names of the columns
    private sealed class ParquetRow
    {
        public string? problem { get; set; }

        public string? answer { get; set; }
    }
#pragma warning restore IDE1006
}
