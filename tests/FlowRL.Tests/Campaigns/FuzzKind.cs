using FlowRL.Checkpoints;

namespace FlowRL.Tests.Campaigns;

/// <summary>A kind of input: what is damaged, and the command that then reads it.</summary>
/// <param name="Name">For counts.</param>
/// <param name="Prepare">Copies whole material into a scratch folder, damages it, and gives the command line.</param>
/// <param name="IsWholeRead">Whether the command succeeds where nothing is damaged.</param>
internal sealed record FuzzKind(string Name, Func<Material, string, Mutation, string[]> Prepare, bool IsWholeRead = true)
{
    private static readonly string[] Subcommands =
        ["train", "sft", "compare", "eval", "sample", "tokenize", "inspect", "merge", "verify", "math", "code", "rating", "schema", "--help", "--version", "help"];

    private static readonly string[] Options =
    [
        "--set", "--dry-run", "--resume", "--seed", "--run-folder", "--json", "--verbose", "--task", "--data", "--samples", "--problems", "--split", "--prompt",
        "--max-new-tokens", "--temperature", "--top-p", "--chat", "--decode", "--special", "--tensors", "--out", "--weights", "--skip-damaged", "--markdown",
        "--assembly", "--compare", "--people", "--", "-", "@file", "--nosuch", "-x",
    ];

    public static IReadOnlyList<FuzzKind> All { get; } =
    [
        Recipe("train recipe", "train.yaml", "train"),
        Recipe("recipe with data", "math.yaml", "train"),
        Recipe("sft recipe", "sft.yaml", "sft"),
        Recipe("compare recipe", "compare.yaml", "compare"),
        new("keys by --set", (material, _, harm) => ["train", material.In("train.yaml"), "--dry-run",
            .. Enumerable.Range(0, 1 + harm.Next(3)).SelectMany(_ => new[] { "--set", $"{Key(harm)}={harm.Word()}" })], IsWholeRead: false),
        new("command line", (material, _, harm) => Line(material, harm), IsWholeRead: false),
        Data("a.jsonl"), Data("a.json"), Data("columns.json"), Data("a.csv"), Data("a.tsv"), Data("verl.jsonl"), Data("a.jsonl.gz"), Data("a.csv.gz"),
        Data("a.json.gz"), Data("a.parquet"), Data("code.jsonl", "code"),
        new("answers", (material, scratch, harm) => ["verify", "math", Damaged(material.In("data", "answers.jsonl"), scratch, harm),
            .. harm.Next(2) == 0 ? ["--skip-damaged"] : Array.Empty<string>()]),
        new("attempts", (material, scratch, harm) => ["verify", "rating", Damaged(material.In("data", "attempts.jsonl"), scratch, harm)]),
        Model("config.json", "model", "config.json"), Model("tokenizer.json", "model", "tokenizer.json"),
        Model("tokenizer_config.json", "model", "tokenizer_config.json"), Model("generation_config.json", "model", "generation_config.json"),
        Model("safetensors", "model", "model.safetensors"), Model("shards", "sharded", "model-00001-of-*"),
        Model("index of shards", "sharded", "model.safetensors.index.json"),
        Model("adapter_config.json", "adapters", "adapter_config.json"), Model("adapters", "adapters", "adapter_model.safetensors"),
        new("llama2.c", (material, scratch, harm) =>
        {
            Copy(material.In("llama2c"), scratch);
            Damage(Path.Combine(scratch, harm.Next(2) == 0 ? "model.bin" : "tok512.bin"), harm);
            return ["sample", Path.Combine(scratch, "model.bin"), "--prompt", "Once", "--max-new-tokens", "2"];
        }),
        Checkpoint("checkpoint", "*"), Checkpoint("training state", "training/*"), Checkpoint("list of a checkpoint", RecordName),
        Logs("metrics", RunFiles.Metrics), Logs("samples", RunFiles.Samples), Logs("evaluation before", "before.json"), Logs("summary", "summary.json"),
        Logs("a run's recipe", RunFiles.Recipe),
    ];

    private const string RecordName = FlowRL.Checkpoints.Checkpoint.RecordName;

    private static FuzzKind Recipe(string name, string file, string command) => new(name, (material, scratch, harm) =>
        [command, Damaged(material.In(file), scratch, harm), "--dry-run"]);

    private static FuzzKind Data(string file, string task = "math") => new($"data, {file}", (material, scratch, harm) =>
    [
        "eval", material.Model, "--task", task, "--data", Damaged(material.In("data", file), scratch, harm), "--problems", "2", "--samples", "1", "--set",
        "sampling.max_new_tokens=2", "--set", $"task.data.damaged={(harm.Next(2) == 0 ? "skip" : "refuse")}",
    ], IsWholeRead: file != "verl.jsonl"); // conversations, for which the model has no template once they are read

    private static FuzzKind Model(string name, string folder, string file) => new(name, (material, scratch, harm) =>
    {
        Copy(material.In(folder), scratch);
        Damage(Directory.GetFiles(scratch, file).Order(StringComparer.Ordinal).First(), harm);
        return harm.Next(folder == "adapters" ? 4 : 3) switch
        {
            0 => ["inspect", scratch, "--tensors"],
            1 => ["tokenize", scratch, "8,3,2=13:<|end|>", "--special"],
            2 => ["sample", scratch, "--prompt", "8,3,2=13:", "--max-new-tokens", "2"],
            _ => ["merge", scratch, "--out", Path.Combine(scratch, "merged")],
        };
    });

    private static FuzzKind Checkpoint(string name, string files) => new(name, (material, scratch, harm) =>
    {
        Copy(material.Run, scratch);
        var checkpoint = Directory.GetDirectories(Path.Combine(scratch, RunFiles.Checkpoints)).Order(StringComparer.Ordinal).Last();
        var (inner, pattern) = files.Contains('/') ? (Path.Combine(checkpoint, Path.GetDirectoryName(files)!), Path.GetFileName(files)) : (checkpoint, files);
        var found = Directory.GetFiles(inner, pattern).Order(StringComparer.Ordinal).Where(file => files == RecordName || Path.GetFileName(file) != RecordName).ToList();
        Damage(found[harm.Next(found.Count)], harm);
        if (files != RecordName && harm.Next(4) > 0) Material.Sum(checkpoint);
        return Use(scratch, harm);
    });

    private static FuzzKind Logs(string name, string file) => new(name, (material, scratch, harm) =>
    {
        Copy(material.Run, scratch);
        Damage(Path.Combine(scratch, file), harm);
        return Use(scratch, harm);
    });

    private static string[] Use(string run, Mutation harm) => harm.Next(3) switch
    {
        0 => ["inspect", run],
        1 => ["sample", run, "--prompt", "8,3,2=13:", "--max-new-tokens", "2"],
        _ => ["train", "--resume", run, "--set", "training.steps=3", "--set", $"run.folder={run}"],
    };

    private static string[] Line(Material material, Mutation harm)
    {
        string Word() => harm.Next(9) switch
        {
            0 or 1 => Options[harm.Next(Options.Length)],
            2 => material.Model,
            3 => material.Run,
            4 => material.In("data", "a.jsonl"),
            5 => $"{Key(harm)}={harm.Word()}",
            6 => harm.Next(2) == 0 ? "countdown" : material.In("nowhere"),
            _ => harm.Word(),
        };
        var command = Subcommands[harm.Next(Subcommands.Length)];
        // What trains for minutes where all is well is only checked.
        string[] last = command is "train" or "sft" or "compare" ? ["--dry-run", "--set", "nosuch=1"] : [];
        return [command, .. Enumerable.Range(0, harm.Next(6)).Select(_ => Word()), .. last];
    }

    private static string Key(Mutation harm)
    {
        string[] keys =
        [
            "model.path", "model.weights", "model.lora.rank", "model.lora.alpha", "model.lora.target_modules", "model.create.width", "model.create.vocabulary", "task",
            "task.train_problems", "task.max_number", "objective", "objective.beta", "rollout.problems", "rollout.group_size", "rollout.slots", "rollout.lag",
            "rollout.sampling.max_new_tokens", "rollout.sampling.temperature", "rollout.sampling.stop_strings", "rollout.max_prompt_tokens", "rollout.decode.weights",
            "training.mini_batch", "training.passes", "training.token_budget", "training.replay.capacity", "training.replay.groups",
            "training.optimizer.learning_rate", "training.optimizer.schedule", "evaluation.every", "evaluation.test_samples", "evaluation.exact_beta", "reward.parts",
            "checkpoint.keep_last", "run.seed", "run.name", "run.threads", "a..b", "", "training", "rollout.engine", "reference.weights",
        ];
        return keys[harm.Next(keys.Length)];
    }

    private static string Damaged(string file, string scratch, Mutation harm)
    {
        var copy = Path.Combine(scratch, Path.GetFileName(file));
        File.Copy(file, copy);
        Damage(copy, harm);
        return copy;
    }

    private static void Damage(string file, Mutation harm) => File.WriteAllBytes(file, harm.Of(File.ReadAllBytes(file)));

    private static void Copy(string folder, string target)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
