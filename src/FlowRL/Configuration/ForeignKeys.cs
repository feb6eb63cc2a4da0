using System.Collections.Frozen;

namespace FlowRL.Configuration;

/// <summary>What a name of another trainer is called here.</summary>
/// <param name="Keys">One key, or several that are set together.</param>
/// <param name="Note">What is counted otherwise; empty where nothing is.</param>
internal sealed record ForeignTarget(IReadOnlyList<string> Keys, string Note)
{
    /// <param name="text">Keys with a plus between them, and a note in parentheses.</param>
    public static ForeignTarget Of(string text) => text.Split(" (") is [var keys, .. var note]
        ? new(keys.Split(" + "), note.Length == 0 ? "" : note[0].TrimEnd(')')) : throw new ArgumentException("There is no key in it.", nameof(text));
}

/// <summary>
/// Names that people bring along from TRL, verl, OpenRLHF, Stable-Baselines and the interfaces of inference servers, each with FlowRL's key. Only names
/// that FlowRL does not have in that place are looked up here.
/// </summary>
internal static class ForeignKeys
{
    private const string Optimizer = "training.optimizer.";
    private const string Whole = "training samples the whole distribution";
    private const string Update = "responses an optimiser step, all devices and accumulation steps together";
    private const string Budget = "tokens; gradients are accumulated by themselves";

    private static readonly (string Names, string Targets)[] Rows =
    [
        // What is sampled.
        ("n rollout_n num_generations num_return_sequences n_samples_per_prompt num_samples_per_prompt samples_per_prompt num_samples",
            "rollout.group_size | samples"),
        ("train_batch_size rollout_batch_size generation_batch_size gen_batch_size prompts_per_step num_prompts_per_step",
            "rollout.problems (prompts a step) | batch"),
        ("temperature", "rollout.sampling.temperature | sampling.temperature | evaluation.sampling.temperature"),
        ("top_p", $"evaluation.sampling.top_p ({Whole}) | sampling.top_p"),
        ("top_k", $"evaluation.sampling.top_k ({Whole}) | sampling.top_k"),
        ("min_p", $"evaluation.sampling.min_p ({Whole}) | sampling.min_p"),
        ("max_tokens max_new_tokens max_completion_length max_completion_tokens max_response_length response_length generate_max_len max_gen_len " +
            "max_output_tokens", "rollout.sampling.max_new_tokens | sampling.max_new_tokens | evaluation.sampling.max_new_tokens"),
        ("stop stop_sequences stop_words", "rollout.sampling.stop_strings | sampling.stop_strings | evaluation.sampling.stop_strings"),
        ("max_prompt_length prompt_max_len max_input_length", "rollout.max_prompt_tokens"),
        ("filter_overlong_prompts truncation", "rollout.long_prompts"),
        ("overlong_buffer overlong_buffer_len soft_punish_cache", "rollout.overlong_tokens"),
        ("mask_truncated_completions overlong_filtering overlong_filter", "rollout.truncated"),

        // How it is learnt from.
        ("max_steps total_training_steps total_steps num_steps train_steps num_train_steps total_iterations", "training.steps | steps"),
        ("epochs num_epochs num_train_epochs total_epochs num_episodes", "training.epochs (passes over the problems) | epochs"),
        ("per_device_train_batch_size ppo_mini_batch_size mini_batch_size train_mini_batch_size batch_size global_batch_size",
            $"training.mini_batch ({Update}) | batch"),
        ("gradient_accumulation_steps gradient_accumulation micro_batch_size micro_train_batch_size ppo_micro_batch_size ppo_micro_batch_size_per_gpu " +
            "ppo_max_token_len_per_gpu max_token_len_per_gpu", $"training.token_budget ({Budget}) | token_budget ({Budget})"),
        ("ppo_epochs num_iterations num_ppo_epochs mu n_epochs noptepochs", "training.passes"),
        ("gradient_checkpointing enable_gradient_checkpointing use_gradient_checkpointing activation_checkpointing", "training.recompute | recompute"),
        ("lr learning_rate actor_learning_rate actor_lr peak_lr max_lr", $"{Optimizer}learning_rate | optimizer.learning_rate"),
        ("warmup warmup_steps lr_warmup_steps num_warmup_steps", $"{Optimizer}warmup_steps (optimiser steps) | optimizer.warmup_steps (optimiser steps)"),
        ("warmup_ratio lr_warmup_ratio lr_warmup_steps_ratio warmup_fraction", $"{Optimizer}warmup_share | optimizer.warmup_share"),
        ("lr_scheduler lr_scheduler_type lr_schedule scheduler warmup_style", $"{Optimizer}schedule | optimizer.schedule"),
        ("min_lr_ratio min_lr_rate", $"{Optimizer}final_share | optimizer.final_share"),
        ("weight_decay wd", $"{Optimizer}weight_decay | optimizer.weight_decay"),
        ("max_grad_norm grad_clip clip_grad gradient_clip_val max_norm", $"{Optimizer}gradient_clip | optimizer.gradient_clip"),
        ("adam_beta1", $"{Optimizer}beta1 | optimizer.beta1"),
        ("adam_beta2", $"{Optimizer}beta2 | optimizer.beta2"),
        ("betas adam_betas", $"{Optimizer}beta1 + {Optimizer}beta2 | optimizer.beta1 + optimizer.beta2"),
        ("adam_epsilon eps", $"{Optimizer}epsilon | optimizer.epsilon"),

        // The algorithm.
        ("adv_estimator advantage_estimator algorithm algo", "objective"),
        ("loss_agg_mode loss_type", "objective.aggregation"),
        ("clip_ratio cliprange clip_range clip_eps eps_clip epsilon", "objective.epsilon_low + objective.epsilon_high"),
        ("clip_ratio_low eps_clip_low", "objective.epsilon_low"),
        ("clip_ratio_high eps_clip_high", "objective.epsilon_high"),
        ("clip_ratio_c dual_clip_ratio", "objective.dual_clip"),
        ("kl_coef kl_loss_coef init_kl_coef kl_ctl kl_penalty_coef kl_weight kl_coeff",
            "objective.kl.coefficient | objective.beta (β weighs the reward; it stands in place of a KL coefficient)"),
        ("beta", "objective.beta (β weighs the reward; TRL's beta is a KL coefficient) | objective.kl.coefficient"),
        ("kl_loss_type kl_estimator kl_penalty", "objective.kl.estimator"),
        ("use_kl_loss use_kl_in_reward", "objective.kl.placement"),
        ("target_kl kl_target", "objective.kl.target"),
        ("entropy_coeff entropy_coef ent_coef entropy_loss_coef", "objective.entropy_bonus"),
        ("vf_coef value_loss_coef critic_loss_coef", "objective.value_coefficient"),
        ("cliprange_value value_clip_ratio clip_range_vf", "objective.value_clip"),
        ("lam lambd", "objective.gae_lambda"),
        ("whiten_rewards whiten_advantages normalize_advantage", "objective.normalise_advantages"),
        ("tis_imp_ratio_cap vllm_importance_sampling_cap", "objective.correction.cap"),

        // The model.
        ("model_name model_name_or_path model_path model_id base_model pretrain pretrained_model_name_or_path", "model.path"),
        ("torch_dtype dtype bf16 model_dtype", "model.weights"),
        ("lora_rank lora_r peft_r", "model.lora.rank"),
        ("lora_alpha", "model.lora.alpha"),
        ("lora_dropout", "model.lora.dropout"),
        ("lora_target_modules target_modules", "model.lora.target_modules"),

        // Data and rewards.
        ("train_files train_file dataset dataset_name prompt_data train_data", "task.data.train | data.train"),
        ("val_files val_file eval_dataset validation_file", "task.data.validation | data.validation"),
        ("test_files test_file", "task.data.test"),
        ("prompt_key input_key prompt_field", "task.data.fields.problem | data.fields.prompt"),
        ("response_key completion_key output_key completion_field", "data.fields.completion"),
        ("messages_key conversation_column field_messages", "data.fields.messages"),
        ("dataset_text_field text_field", "data.fields.text"),
        ("label_key answer_key ground_truth_key", "task.data.fields.answer"),
        ("apply_chat_template", "task.data.prompt.chat | data.prompt.chat"),
        ("system_prompt", "task.data.prompt.system | data.prompt.system"),
        ("enable_thinking thinking", "task.data.prompt.enable_thinking | data.prompt.enable_thinking"),
        ("chat_template_kwargs template_kwargs", "task.data.prompt.variables | data.prompt.variables"),
        ("tools tool_schemas", "task.data.prompt.tools (a JSON file) | data.prompt.tools (a JSON file)"),
        ("assistant_only_loss completion_only_loss train_on_inputs train_on_prompt mask_prompt", "data.loss (assistant, last or all)"),
        ("sample_packing", "packing (best_fit; a pack holds token_budget tokens)"),
        ("max_length max_seq_length sequence_len cutoff_len max_seq_len", "data.max_tokens"),
        ("val_set_size validation_split eval_split_ratio", "data.validation_share | task.data.validation_share"),
        ("reward_funcs reward_function custom_reward_function reward_model reward_weights", "reward.parts"),

        // The run.
        ("seed random_seed", "run.seed | seed"),
        ("output_dir default_local_dir save_path ckpt_path save_dir", "run.folder"),
        ("run_name experiment_name exp_name", "run.name"),
        ("save_steps save_freq save_interval", "checkpoint.every"),
        ("save_total_limit max_ckpt_num max_actor_ckpt_to_keep", "checkpoint.keep_last"),
        ("eval_steps test_freq eval_freq eval_interval", "evaluation.every"),
        ("num_threads n_threads num_workers", "run.threads | threads"),
    ];

    /// <summary>All names, each with what it is here; the first that a recipe has counts.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ForeignTarget>> All { get; } = Rows
        .SelectMany(row => row.Names.Split(' ').Select(name => KeyValuePair.Create<string, IReadOnlyList<ForeignTarget>>(name,
            [.. row.Targets.Split(" | ").Select(ForeignTarget.Of)])))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The row of a name, however its words are joined; none where it is none of those known.</summary>
    public static IReadOnlyList<ForeignTarget> Find(string name) => All.GetValueOrDefault(name.Replace('-', '_').ToLowerInvariant()) ?? [];
}
