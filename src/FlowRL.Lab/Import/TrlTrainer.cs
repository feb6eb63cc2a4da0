using System.Globalization;
using FlowRL.Lab.Import.Shell;
using FlowRL.Configuration;

namespace FlowRL.Lab.Import;

/// <summary>TRL's GRPO and RLOO: YAML of their arguments, and the flags of command lines.</summary>
internal sealed class TrlTrainer : OtherTrainer
{
    public override string Name => "trl";

    public override string Title => "TRL";

    public override KeyTable Keys => TrlKeys.Table;

    protected override string Start => "trl grpo --model_name_or_path ...";

    protected override bool Read(IReadOnlyList<ShellCommand> commands, string source, Settings settings) => TrlCommands.Read(commands, source, settings);

    protected override void Convert(Conversion conversion)
    {
        var isRloo = conversion.Settings.Program.Contains("rloo", StringComparison.OrdinalIgnoreCase);
        if (conversion.Settings.Program == "") conversion.Assume("the trainer is GRPO, since the file does not say.");
        Model(conversion);
        Data(conversion);
        var objective = TrlObjective.Write(conversion, isRloo);
        TrlRewards.Write(conversion);
        Sampling(conversion);
        var updates = Batch(conversion, isRloo ? 2 : 8);
        var steps = Steps(conversion, updates);
        Optimizer(conversion);
        Validation(conversion, updates, isRloo ? 2 : 8);
        Run(conversion, updates, steps);
    }

    private static void Model(Conversion conversion)
    {
        SharedRules.Model(conversion, "model_name_or_path");
        SharedRules.Weights(conversion, conversion.Take("dtype") is null ? "torch_dtype" : "dtype");
        if (conversion.Flag("bf16") == true) conversion.Set("model.weights", "bfloat16", "with float32 masters in the optimiser", "bf16");
        if (conversion.Flag("use_peft") != true) return;
        var rank = conversion.Count("lora_r") ?? 16;
        conversion.Set("model.lora.rank", rank, "", "lora_r", "use_peft");
        var alpha = conversion.Number("lora_alpha") ?? 32;
        if (conversion.Flag("use_rslora") == true)
        {
            alpha = Math.Round(alpha * Math.Sqrt(rank), 6);
            conversion.Said("use_rslora");
        }
        SharedRules.AdapterModules(conversion, alpha, "lora_target_modules", ["q_proj", "v_proj"]);
        conversion.Set("model.lora.dropout", conversion.Number("lora_dropout") ?? 0.05, "", "lora_dropout");
    }

    private static void Data(Conversion conversion)
    {
        var name = conversion.Text("dataset_name");
        var files = Mixed(conversion);
        var split = conversion.Text("dataset_train_split") ?? "train";
        var key = files.Count > 0 ? "datasets" : "dataset_name";
        if (files.Count == 0) files = [name is null ? "train.jsonl" : OfSplit(name, split)];
        if (name is null && key == "dataset_name")
            conversion.Assume("task.data.train: dataset_name is not given; 'train.jsonl' stands there for the files of problems.");
        else if (name is not null && !Path.HasExtension(name))
        {
            var folder = Setting.OneLine(name, 80);
            conversion.Assume($"task.data.train: {folder} is a folder of files here; of the hub's data set files are named, as in {folder}:FILE: 'flowrl " +
                $"pull {folder} --dataset' fetches and lists them, and those of the split {Setting.OneLine(split, 40)} are wanted.");
        }
        conversion.Said("dataset_train_split");
        var rewards = conversion.Texts("reward_funcs") ?? [];
        var isCode = SharedRules.Task(conversion, files, [.. files, .. rewards], key);
        Fields(conversion, isCode);
        if (conversion.Text("system_prompt") is { } system)
        {
            conversion.Set("task.data.prompt.chat", "true", "", "system_prompt");
            conversion.SetText("task.data.prompt.system", system, "", "system_prompt");
        }
        if (conversion.Count("max_prompt_length") is { } longest)
        {
            conversion.Set("rollout.max_prompt_tokens", longest, "", "max_prompt_length");
            conversion.Set("rollout.long_prompts", "skip", "cut there, left out here", "max_prompt_length");
        }
        else conversion.Assume("rollout.max_prompt_tokens is FlowRL's 2048; TRL sets no limit.");
    }

    private static void Fields(Conversion conversion, bool isCode)
    {
        var column = conversion.Text("dataset_prompt_column");
        if (isCode)
        {
            if (column is not null) conversion.Miss("dataset_prompt_column", "programs and their tests are read in the layouts that task.data.layout names");
            return;
        }
        conversion.SetText("task.data.fields.problem", column ?? "prompt", column is null ? "the column that TRL reads" : "", "dataset_prompt_column");
        conversion.Set("task.data.fields.answer", "solution", "the column that TRL's accuracy_reward reads");
        conversion.Assume("task.data.fields: rows have the problem in one column and the answer in the column solution, as TRL's accuracy_reward asks; " +
            "leave them out where the layout of the rows is one that is recognised.");
    }

    // datasets: a list of records, each with data_files or with the path of a data set.
    private static List<string> Mixed(Conversion conversion)
    {
        if (conversion.Take("datasets") is not { Value: YamlNode.Sequence list }) return [];
        var files = new List<string>();
        foreach (var entry in list.Items.OfType<YamlNode.Mapping>())
        {
            string? Of(string key) => (entry.Find(key)?.Value as YamlNode.Scalar)?.Text;
            switch (entry.Find("data_files")?.Value)
            {
                case YamlNode.Scalar one: files.Add(one.Text); break;
                case YamlNode.Sequence many: files.AddRange(many.Items.OfType<YamlNode.Scalar>().Select(file => file.Text)); break;
                default: if (Of("path") is { } path) files.Add(OfSplit(path, Of("split") ?? "train")); break;
            }
        }
        return files;
    }

    private static string OfSplit(string name, string split) => Path.HasExtension(name) ? name : $"{name.TrimEnd('/')}/{split}.parquet";

    private static void Sampling(Conversion conversion)
    {
        var temperature = conversion.Number("temperature") ?? 1;
        var limit = conversion.Count("max_completion_length") ?? 512;
        conversion.Set("rollout.sampling.temperature", temperature, "", "temperature");
        conversion.Set("rollout.sampling.max_new_tokens", limit, "", "max_completion_length");
        SharedRules.Untruncated(conversion, "top_p", "rollout.sampling.top_p", 1, p => p >= 1);
        SharedRules.Untruncated(conversion, "top_k", "rollout.sampling.top_k", 0, k => k <= 0);
        SharedRules.Untruncated(conversion, "min_p", "rollout.sampling.min_p", 0, p => p <= 0);
        if (conversion.Texts("generation_kwargs.stop") is { } stops)
            conversion.Set("rollout.sampling.stop_strings", Forms.List(stops), "", "generation_kwargs.stop");
        if (conversion.Flag("mask_truncated_completions") is { } masks)
            conversion.Set("rollout.truncated", masks ? "mask" : "keep", "", "mask_truncated_completions");
        conversion.Set("evaluation.sampling.temperature", temperature, "", "temperature");
        conversion.Set("evaluation.sampling.max_new_tokens", limit, "", "max_completion_length");
    }

    /// <summary>
    /// Responses there, prompts and responses here; returns the updates of a step. A step samples once: as many responses as TRL generates at a time,
    /// or as an update takes where that is more.
    /// </summary>
    private static long Batch(Conversion conversion, int usualGroup)
    {
        const string pieceKey = "per_device_train_batch_size", piecesKey = "gradient_accumulation_steps", devicesKey = "num_processes";
        const string stepsKey = "steps_per_generation", batchKey = "generation_batch_size";
        var (piece, pieces) = (conversion.Count(pieceKey) ?? 8, conversion.Count(piecesKey) ?? 1);
        var devices = conversion.Count(devicesKey);
        if (devices is null) conversion.Assume("num_processes: one device; with more, multiply rollout.problems and training.mini_batch by their number.");
        // Larger numbers than any run has are refused by the recipe's reader.
        double update = (double)piece * pieces * (devices ?? 1);
        double sampled = conversion.Count(batchKey) ?? (double)piece * (devices ?? 1) * (conversion.Count(stepsKey) ?? pieces);
        conversion.Said(stepsKey);
        var group = conversion.Count("num_generations") ?? usualGroup;
        if (group < 2)
        {
            conversion.Refuse("num_generations", $"responses of a prompt are compared, so that there must be two or more; {usualGroup} stands");
            group = usualGroup;
        }
        var problems = (long)Math.Clamp(Math.Max(sampled, update) / group, 1, int.MaxValue);
        var responses = problems * group;
        if (problems * (double)group != Math.Max(sampled, update))
            conversion.Refuse(pieceKey, $"{Math.Max(sampled, update)} responses are no whole groups of {group}; {responses} stand");
        var mini = SharedRules.Divisor(conversion, pieceKey, responses, (long)Math.Clamp(update, 1, responses));
        string[] sources = [pieceKey, piecesKey, devicesKey, stepsKey, batchKey];
        conversion.Set("rollout.problems", problems, $"{responses} responses / {group}", sources);
        conversion.Set("rollout.group_size", group, "responses a prompt", "num_generations");
        conversion.Set("training.mini_batch", mini, "responses an update", [pieceKey, piecesKey, devicesKey]);
        var passes = Math.Clamp(conversion.Count("num_iterations") ?? 1, 1, 64);
        conversion.Set("training.passes", passes, "", "num_iterations");
        return responses / mini * passes;
    }

    private static long? Steps(Conversion conversion, long updates)
    {
        if (conversion.Count("max_steps") is not { } most)
        {
            conversion.Set("training.epochs", conversion.Number("num_train_epochs") ?? 3, "", "num_train_epochs");
            return null;
        }
        var steps = Up(most, updates);
        conversion.Set("training.steps", steps, updates == 1 ? "" : $"{most} updates / {updates}", "max_steps");
        return steps;
    }

    private static void Optimizer(Conversion conversion)
    {
        if (conversion.Text("optim") is { } kind)
        {
            if (kind.StartsWith("adamw", StringComparison.Ordinal) && !kind.Contains("bit", StringComparison.Ordinal))
                conversion.Idle("optim", "it is AdamW, always");
            else conversion.Refuse("optim", "AdamW stands");
        }
        var shape = conversion.Text("lr_scheduler_type") ?? "linear";
        var (here, isKnown) = shape switch
        {
            "linear" => ("linear", true),
            "cosine" or "cosine_with_min_lr" => ("cosine", true),
            "constant" or "constant_with_warmup" => ("constant", true),
            _ => ("constant", false),
        };
        if (!isKnown) conversion.Refuse("lr_scheduler_type", "there is no such schedule; constant stands");
        conversion.Set("training.optimizer.schedule", here, "", "lr_scheduler_type");
        if (shape == "cosine_with_min_lr")
        {
            var peak = conversion.Settings.Find("learning_rate") is { } rate && Forms.Number(rate.Value) is { } text
                ? double.Parse(text, CultureInfo.InvariantCulture) : 1e-6;
            var (share, least) = (conversion.Number("lr_scheduler_kwargs.min_lr_rate"), conversion.Number("lr_scheduler_kwargs.min_lr"));
            if ((share ?? least / peak) is { } final && double.IsFinite(final))
                conversion.Set("training.optimizer.final_share", Math.Round(final, 9), "", "lr_scheduler_kwargs.min_lr_rate", "lr_scheduler_kwargs.min_lr");
        }
        // A number of updates, or below 1 a share of the run.
        var warmup = conversion.Number("warmup_steps") ?? 0;
        if (warmup >= 1) conversion.Set("training.optimizer.warmup_steps", Math.Floor(warmup), "updates", "warmup_steps");
        else if (!SharedRules.WarmupShare(conversion, warmup > 0 ? "warmup_steps" : "warmup_ratio"))
            conversion.Set("training.optimizer.warmup_steps", 0, "", "warmup_steps");
    }

    private static void Validation(Conversion conversion, long updates, int usualGroup)
    {
        var key = conversion.Take("eval_strategy") is null && conversion.Take("evaluation_strategy") is not null ? "evaluation_strategy" : "eval_strategy";
        var strategy = conversion.Flag("do_eval") == false ? "no" : conversion.Text(key) ?? "no";
        conversion.Set("evaluation.test_problems", 0, "TRL has no test problems; name some in task.data.test");
        if (strategy is "no" or "false")
        {
            conversion.Set("evaluation.every", 0, "no validation", key, "do_eval");
            return;
        }
        if (strategy == "steps")
        {
            var every = conversion.Number("eval_steps") ?? 10;
            if (every >= 1) conversion.Set("evaluation.every", Up((long)every, updates), "", key, "eval_steps");
            else conversion.Refuse("eval_steps", "a share of the run; FlowRL's 20 steps stand");
        }
        else conversion.Refuse(key, "FlowRL's 20 steps stand");
        if (conversion.Text("dataset_name") is { } name && !Path.HasExtension(name))
        {
            var file = OfSplit(conversion.Path(name), conversion.Text("dataset_test_split") ?? "test");
            conversion.Set("task.data.validation", Forms.List([file]), "", "dataset_test_split");
        }
        conversion.Set("evaluation.validation_problems", 1 << 24, "all");
        var samples = conversion.Count("num_generations_eval");
        conversion.Set("evaluation.validation_samples", samples ?? conversion.Count("num_generations") ?? usualGroup, "",
            samples is null ? "num_generations" : "num_generations_eval");
    }

    private static void Run(Conversion conversion, long updates, long? steps)
    {
        var strategy = conversion.Text("save_strategy") ?? "steps";
        var every = conversion.Number("save_steps") ?? 500;
        if (strategy != "steps") conversion.Set("checkpoint.every", int.MaxValue, "the last step alone", "save_strategy");
        else if (every >= 1) conversion.Set("checkpoint.every", Up((long)Math.Min(every, int.MaxValue), updates), "", "save_steps");
        else if (steps is { } known) conversion.Set("checkpoint.every", Math.Max(1, Math.Round(every * known)), "a share of the run", "save_steps");
        else conversion.Refuse("save_steps", "a share of a run whose steps are not known; FlowRL's 20 steps stand");
        if (conversion.Count("save_total_limit") is { } kept) conversion.Set("checkpoint.keep_last", kept, "", "save_total_limit");
        else conversion.Assume("checkpoint.keep_last is FlowRL's 2, and the best is kept beside them; TRL keeps all.");
        Names(conversion);
    }

    private static void Names(Conversion conversion)
    {
        var folder = conversion.Text("output_dir")?.TrimEnd('/');
        var name = conversion.Text("run_name");
        if (name is null && folder is not null && Path.GetFileName(folder) is not "" and var last)
        {
            name = last;
            folder = folder[..^last.Length].TrimEnd('/');
        }
        if (name is not null && SharedRules.Name(name) is not "" and var plain) conversion.SetText("run.name", plain, "", "run_name", "output_dir");
        if (folder is { Length: > 0 }) conversion.SetText("run.folder", conversion.Path(folder), "", "output_dir");
    }

    /// <summary>Updates as steps, rounded up.</summary>
    private static long Up(long updates, long ofStep) => Math.Max(1, (updates + ofStep - 1) / ofStep);
}
