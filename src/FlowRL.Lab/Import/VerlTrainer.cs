using System.Globalization;
using FlowRL.Lab.Import.Shell;

namespace FlowRL.Lab.Import;

/// <summary>verl: <c>ppo_trainer</c>'s YAML and the overrides of its shell scripts.</summary>
internal sealed class VerlTrainer : OtherTrainer
{
    private const string Reward = "reward_model.";
    private const string KwReward = "reward_model.reward_kwargs.";

    public override string Name => "verl";

    public override KeyTable Keys => VerlKeys.Table;

    protected override string Start => "python3 -m verl.trainer.main_ppo key=value ...";

    protected override bool Read(IReadOnlyList<ShellCommand> commands, string source, Settings settings) => VerlCommands.Read(commands, source, settings);

    protected override void Complete(Settings settings, string home) => new Interpolation(settings, home).Resolve();

    protected override void Convert(Conversion conversion)
    {
        SharedRules.Model(conversion, "actor_rollout_ref.model.path");
        SharedRules.Weights(conversion, "actor_rollout_ref.actor.fsdp_config.model_dtype");
        Adapters(conversion);
        Data(conversion);
        var objective = VerlObjective.Write(conversion);
        Rewards(conversion);
        Lengths(conversion);
        var updates = Batch(conversion, objective);
        Sampling(conversion);
        Pieces(conversion);
        Steps(conversion);
        Optimizer(conversion, updates);
        Validation(conversion);
        Run(conversion);
    }

    private static void Adapters(Conversion conversion)
    {
        if (conversion.Count("actor_rollout_ref.model.lora_rank") is not { } rank) return;
        conversion.Set("model.lora.rank", rank, "", "actor_rollout_ref.model.lora_rank");
        SharedRules.AdapterModules(conversion, conversion.Number("actor_rollout_ref.model.lora_alpha") ?? 16, "actor_rollout_ref.model.target_modules",
            ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]);
    }

    private static void Data(Conversion conversion)
    {
        var train = conversion.Texts("data.train_files") ?? ["train.parquet"];
        var validation = conversion.Texts("data.val_files") ?? [];
        if (conversion.Settings.Find("data.train_files") is null)
            conversion.Assume("task.data.train: data.train_files is not given; 'train.parquet' stands there for the files of problems.");
        SharedRules.Task(conversion, train, [.. train, conversion.Text($"{Reward}reward_manager") ?? ""], "data.train_files");
        if (validation.Count > 0) conversion.Set("task.data.validation", Forms.List(validation.Select(conversion.Path)), "", "data.val_files");
        if (conversion.Text("data.prompt_key") is { } field && field != "prompt")
        {
            conversion.Set("task.data.layout", "verl", "");
            conversion.SetText("task.data.fields.problem", field, "", "data.prompt_key");
        }
        var leavesOut = conversion.Flag("data.filter_overlong_prompts") ?? false;
        var truncation = conversion.Text("data.truncation") ?? "error";
        conversion.Set("rollout.long_prompts", leavesOut || truncation != "error" ? "skip" : "refuse", "",
            leavesOut ? "data.filter_overlong_prompts" : "data.truncation");
        if (!leavesOut && truncation != "error") conversion.Refuse("data.truncation", "prompts are not cut here; those that are too long are left out");
    }

    private static void Rewards(Conversion conversion)
    {
        var key = conversion.Take("reward_manager.name") is null ? $"{Reward}reward_manager" : "reward_manager.name";
        var manager = conversion.Text(key) ?? "naive";
        if (manager is "naive" or "dapo" or "batch" or "prime" or "naive_code")
        {
            conversion.Idle(key, "the task verifies");
            if (manager == "dapo")
                conversion.Assume("a wrong answer earns 0; verl's scorer of DAPO's data gives it -1, which objectives that normalise in the group do not see.");
        }
        else conversion.Miss(key, "the task verifies; score in your own way with reward.parts");
        foreach (var prefix in new[] { $"{Reward}overlong_buffer.", $"{KwReward}overlong_buffer_cfg." })
        {
            if (conversion.Flag($"{prefix}enable") != true) continue;
            if (conversion.Count($"{prefix}len") is { } tokens) conversion.Set("rollout.overlong_tokens", tokens, "", $"{prefix}len", $"{prefix}enable");
            conversion.Set("rollout.overlong_penalty", conversion.Number($"{prefix}penalty_factor") ?? 1, "", $"{prefix}penalty_factor");
        }
    }

    private static void Lengths(Conversion conversion)
    {
        var limit = conversion.Count("data.max_response_length") ?? 512;
        conversion.Set("rollout.sampling.max_new_tokens", limit, "", "data.max_response_length");
        conversion.Set("evaluation.sampling.max_new_tokens", limit, "", "data.max_response_length");
    }

    /// <summary>Prompts a step, responses a prompt, responses an update; returns the updates of a step.</summary>
    private static long Batch(Conversion conversion, string objective)
    {
        const string problemsKey = "data.train_batch_size", groupKey = "actor_rollout_ref.rollout.n", miniKey = "actor_rollout_ref.actor.ppo_mini_batch_size";
        var problems = conversion.Count(problemsKey) ?? 1024;
        var group = conversion.Count(groupKey) ?? 1;
        if (group < 2 && objective is not ("ppo" or "reinforce_pp"))
        {
            conversion.Refuse(groupKey, $"{objective} compares the responses of a prompt, so that there must be two or more; 8 stands");
            group = 8;
        }
        var mini = SharedRules.Divisor(conversion, miniKey, problems, conversion.Count(miniKey) ?? 256);
        conversion.Set("rollout.problems", problems, "prompts a step", problemsKey);
        conversion.Set("rollout.group_size", group, "responses a prompt", groupKey);
        conversion.Set("training.mini_batch", (double)mini * group,
            $"responses: {mini} prompts × {group}", miniKey);
        var passes = conversion.Settings.Find("actor_rollout_ref.actor.ppo_epochs")?.Text;
        return problems / mini * (long.TryParse(passes, NumberStyles.None, CultureInfo.InvariantCulture, out var many) ? Math.Clamp(many, 1, 64) : 1);
    }

    private static void Sampling(Conversion conversion)
    {
        const string rollout = "actor_rollout_ref.rollout.";
        SharedRules.Untruncated(conversion, $"{rollout}top_p", "rollout.sampling.top_p", 1, p => p >= 1);
        SharedRules.Untruncated(conversion, $"{rollout}top_k", "rollout.sampling.top_k", 0, k => k <= 0);
        if (conversion.Flag($"{rollout}do_sample") == false)
            conversion.Refuse($"{rollout}do_sample", "training needs samples of a distribution; the temperature stands");
        if (conversion.Count($"{rollout}max_num_seqs") is { } slots) conversion.Set("rollout.slots", slots, "", $"{rollout}max_num_seqs");
    }

    private static void Pieces(Conversion conversion)
    {
        const string dynamic = "actor_rollout_ref.actor.use_dynamic_bsz", tokens = "actor_rollout_ref.actor.ppo_max_token_len_per_gpu";
        if (conversion.Flag(dynamic) != true) return;
        if (conversion.Count(tokens) is { } budget) conversion.Set("training.token_budget", budget, "tokens of one pass", tokens, dynamic);
    }

    private static void Steps(Conversion conversion)
    {
        const string stepsKey = "trainer.total_training_steps", epochsKey = "trainer.total_epochs";
        if (conversion.Count(stepsKey) is { } steps) conversion.Set("training.steps", steps, "", stepsKey);
        else conversion.Set("training.epochs", conversion.Number(epochsKey) ?? 30, "", epochsKey);
    }

    private static void Optimizer(Conversion conversion, long updates)
    {
        const string optim = "actor_rollout_ref.actor.optim.";
        if (conversion.Texts($"{optim}betas") is [var first, var second])
        {
            conversion.SetText("training.optimizer.beta1", first, "", $"{optim}betas");
            conversion.SetText("training.optimizer.beta2", second, "", $"{optim}betas");
        }
        var clipKey = conversion.Take($"{optim}clip_grad") is not null ? $"{optim}clip_grad" : "actor_rollout_ref.actor.grad_clip";
        conversion.Set("training.optimizer.gradient_clip", conversion.Number(clipKey) ?? 1, "", clipKey);
        Warmup(conversion, updates);
        var shapeKey = conversion.Text($"{optim}lr_scheduler_type") is not null ? $"{optim}lr_scheduler_type" : $"{optim}warmup_style";
        switch (conversion.Text(shapeKey) ?? "constant")
        {
            case "constant":
                conversion.Set("training.optimizer.schedule", "constant", "", shapeKey);
                break;
            case "cosine":
                conversion.Set("training.optimizer.schedule", "cosine", "", shapeKey);
                conversion.Set("training.optimizer.final_share", conversion.Number($"{optim}min_lr_ratio") ?? 0, "", $"{optim}min_lr_ratio");
                break;
            default:
                conversion.Refuse(shapeKey, "there is no such schedule; constant stands");
                conversion.Set("training.optimizer.schedule", "constant", "");
                break;
        }
    }

    /// <summary>The scheduler moves once a step there and once an update here.</summary>
    private static void Warmup(Conversion conversion, long updates)
    {
        const string stepsKey = "actor_rollout_ref.actor.optim.lr_warmup_steps", shareKey = "actor_rollout_ref.actor.optim.lr_warmup_steps_ratio";
        if (conversion.Whole(stepsKey) is >= 0 and var warmup)
        {
            conversion.Set("training.optimizer.warmup_steps", (double)warmup * updates,
                $"updates: {warmup} steps × {updates}", stepsKey);
        }
        else if (!SharedRules.WarmupShare(conversion, shareKey)) conversion.Set("training.optimizer.warmup_steps", 0, "", stepsKey);
    }

    private static void Validation(Conversion conversion)
    {
        const string values = "actor_rollout_ref.rollout.val_kwargs.";
        var every = conversion.Count("trainer.test_freq") ?? 0;
        conversion.Set("evaluation.every", every, every == 0 ? "no validation" : "", "trainer.test_freq");
        conversion.Set("evaluation.test_problems", 0, "verl has no test problems; name some in task.data.test");
        if (every == 0) return;
        var limit = conversion.Count("data.val_max_samples");
        conversion.Set("evaluation.validation_problems", limit ?? 1 << 24, limit is null ? "all" : "", "data.val_max_samples");
        conversion.Set("evaluation.validation_samples", conversion.Count($"{values}n") ?? 1, "", $"{values}n");
        if (conversion.Flag($"{values}do_sample") != true)
        {
            conversion.Set("evaluation.sampling.temperature", 0, "the likeliest token", $"{values}do_sample");
            return;
        }
        conversion.Set("evaluation.sampling.temperature", conversion.Number($"{values}temperature") ?? 0, "", $"{values}temperature");
        if (conversion.Number($"{values}top_p") is { } p) conversion.Set("evaluation.sampling.top_p", p, "", $"{values}top_p");
        if (conversion.Whole($"{values}top_k") is { } k) conversion.Set("evaluation.sampling.top_k", Math.Max(0, k), "", $"{values}top_k");
    }

    private static void Run(Conversion conversion)
    {
        var every = conversion.Count("trainer.save_freq");
        conversion.Set("checkpoint.every", every ?? int.MaxValue, every is null ? "the last step alone" : "", "trainer.save_freq");
        if (conversion.Count("trainer.max_actor_ckpt_to_keep") is { } kept) conversion.Set("checkpoint.keep_last", kept, "", "trainer.max_actor_ckpt_to_keep");
        else conversion.Assume("checkpoint.keep_last is FlowRL's 2, and the best is kept beside them; verl keeps all.");
        if (conversion.Text("trainer.experiment_name") is { } name && SharedRules.Name(name) is not "" and var plain)
            conversion.SetText("run.name", plain, "", "trainer.experiment_name");
        if (conversion.Text("trainer.default_local_dir") is { } folder)
            conversion.SetText("run.folder", conversion.Path(folder), "", "trainer.default_local_dir");
    }
}
