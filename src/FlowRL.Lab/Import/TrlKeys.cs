using static FlowRL.Lab.Import.KeyRow;

namespace FlowRL.Lab.Import;

/// <summary>
/// The keys of TRL's GRPO and RLOO trainers, with those of its model, data and script arguments and of Transformers' training arguments. Names and
/// defaults are those of TRL 1; older names that files still have are among them.
/// </summary>
internal static class TrlKeys
{
    private const string Sharded = "one process here; nothing is spread over devices";
    private const string Serving = "how a separate engine is served; sampling is in this process, and rollout.slots and rollout.decode are its settings";
    private const string Same = "the code that samples is the code that trains, so that there is no mismatch to be corrected";
    private const string Engine = "how tensors are computed; it changes no result here";
    private const string Logs = "metrics.jsonl, samples.jsonl and tensorboard are written in every run";
    private const string Hub = "nothing is sent anywhere";
    private const string Quantised = "weights are float32 or bfloat16 (model.weights)";
    private const string Turns = "a response is one turn";
    private const string OtherLoss = "of a loss that is not here";

    public static KeyTable Table { get; } = new([.. Data, .. Model, .. Algorithm, .. Update, .. Rollout, .. Run]);

    private static KeyRow[] Data =>
    [
        Join("dataset_name", "task.data.train", "files; of a data set of the hub `org/name:file`"),
        Join("dataset_train_split", "task.data.train", "its rows, saved as a file; there train when not given"),
        Join("dataset_test_split", "task.data.validation", "with eval_strategy; there test when not given"),
        Join("dataset_prompt_column", "task.data.fields.problem", "the field of the problem"),
        Join("datasets", "task.data.train", "their data_files, or their paths"),
        Join("system_prompt", "task.data.prompt.system", "with chat: true"),
        Copy("shuffle_dataset", "task.data.shuffle", Forms.Shuffled, "the seed of the order, or 0 for the files' own"),
        Join("max_prompt_length", "rollout.max_prompt_tokens", "longer prompts are left out here and cut there"),
        Miss("dataset_config", "a part of a data set; name its files"),
        Miss("dataset_mixer*", "name the files; they are read one after the other"),
        Miss("dataset_streaming", "files are read whole"),
        Miss("streaming", "files are read whole"),
        Miss("test_split_size", "task.data.validation_share keeps problems apart"),
        Miss("chat_template*", "the chat template is the model's, used as it stands"),
        Skip("remove_unused_columns", "rows keep their fields"),
        Skip("dataset_num_proc", "rows are read once, at the start"),
        Skip("dataloader_*", "rows are read once, at the start"),
        Skip("pad_to_multiple_of", "sequences are packed, never padded"),
        Skip("ignore_bias_buffers", Sharded),
    ];

    private static KeyRow[] Model =>
    [
        Join("model_name_or_path", "model.path", "a folder, or a name of the hub"),
        Join("dtype", "model.weights", "bfloat16 has float32 masters in the optimiser; there float32 when not given"),
        Join("torch_dtype", "model.weights", "the older name of dtype"),
        Join("bf16", "model.weights", "true runs products in BF16 beside float32 weights, which is what bfloat16 is here"),
        Miss("fp16", "16-bit floats are BF16 here"),
        Join("use_peft", "model.lora.rank", "false trains the weights themselves"),
        Join("lora_r", "model.lora.rank", "with use_peft; there 16 when not given"),
        Join("lora_alpha", "model.lora.alpha", "there 32 when not given"),
        Join("lora_target_modules", "model.lora.target_modules", "all-linear names all seven; there q_proj and v_proj when not given"),
        Join("use_rslora", "model.lora.alpha", "divides by the root of the rank: alpha times that root"),
        Join("lora_dropout", "model.lora.dropout", "there 0.05 when not given"),
        Miss("lora_target_parameters", "adapters are on the seven matrices of a layer"),
        Miss("lora_modules_to_save", "what has no adapter stays as it is"),
        Skip("lora_task_type", "causal language models alone"),
        Miss("use_dora", "adapters are plain LoRA"),
        Miss("load_in_8bit", Quantised),
        Miss("load_in_4bit", Quantised),
        Skip("bnb_4bit_*", Quantised),
        Skip("use_bnb_nested_quant", Quantised),
        Copy("gradient_checkpointing", "training.recompute", Forms.Flag, "", "true"),
        Skip("gradient_checkpointing_kwargs*", Engine),
        Skip("model_revision", "the model is a folder"),
        Skip("trust_remote_code", "no code comes with a model or with data"),
        Skip("attn_implementation", Engine),
        Miss("model_init_kwargs*", "change the model's config.json"),
        Miss("disable_dropout", "models are run without dropout, always"),
        Miss("cast_lm_head_to_fp32", "log-probabilities are computed in float32, always"),
        Miss("router_aux_loss_coef", "models are dense"),
    ];

    private static KeyRow[] Algorithm =>
    [
        Join("loss_type", "objective.aggregation", "dapo and bnpo are token_mean, grpo is sequence_mean, dr_grpo is constant; there dapo when not given"),
        Join("scale_rewards", "objective.type", "group is grpo, none is dr_grpo, batch is reinforce_pp_baseline"),
        Join("importance_sampling_level", "objective.type", "sequence is gspo"),
        Join("beta", "objective.kl.coefficient", "there 0 with GRPO and 0.05 with RLOO when not given"),
        Join("epsilon", "objective.epsilon_low", "there 0.2 when not given"),
        Join("epsilon_high", "objective.epsilon_high", "there as epsilon when not given"),
        Join("delta", "objective.dual_clip", "bounds the ratio where the advantage is negative"),
        Join("entropy_coef", "objective.entropy_bonus", "a mean over tokens there; here as objective.aggregation says"),
        Join("normalize_advantages", "objective.type", "of RLOO; true is reinforce_pp_baseline"),
        Miss("reward_clip_range*", "rewards are as the task and reward.parts give them"),
        Join("reward_funcs", "reward.parts", "accuracy_reward is the task's own; functions in Python become programs"),
        Join("reward_weights", "reward.parts", "the weight of each part"),
        Miss("reward_model_name_or_path", "models that judge are not run; score with a program (reward.parts, type process)"),
        Miss("multi_objective_aggregation", "parts are added up before they are normalised"),
        Miss("top_entropy_quantile", "every token is learnt from"),
        Miss("use_adaptive_entropy", "objective.entropy_bonus is fixed"),
        Skip("entropy_coef_*", "of use_adaptive_entropy"),
        Skip("entropy_target", "of use_adaptive_entropy"),
        Miss("off_policy_mask_threshold", "objective.correction leaves responses out by their ratio"),
        Miss("use_bias_correction_kl", "the estimator is k3 as it stands"),
        Miss("sync_ref_model", "the reference is the model that training starts from"),
        Skip("ref_model_*", "of sync_ref_model"),
        Skip("sapo_*", OtherLoss),
        Skip("vespo_*", OtherLoss),
        Skip("vllm_importance_sampling_*", Same),
    ];

    private static KeyRow[] Update =>
    [
        Join("per_device_train_batch_size", "rollout.problems, training.mini_batch", "responses a device and piece; there 8 when not given"),
        Join("gradient_accumulation_steps", "rollout.problems, training.mini_batch", "pieces an update; there 1 when not given"),
        Join("num_processes", "rollout.problems, training.mini_batch", "devices; of the launcher"),
        Join("steps_per_generation", "rollout.problems", "pieces a step; there as gradient_accumulation_steps when not given"),
        Join("generation_batch_size", "rollout.problems", "responses a step"),
        Join("num_iterations", "training.passes", "passes over what a step has sampled"),
        Copy("learning_rate", "training.optimizer.learning_rate", Forms.Number, "", "1e-6"),
        Join("lr_scheduler_type", "training.optimizer.schedule", "linear, cosine, constant, with or without warm-up; there linear when not given"),
        Join("lr_scheduler_kwargs.min_lr_rate", "training.optimizer.final_share", "with cosine_with_min_lr"),
        Join("lr_scheduler_kwargs.min_lr", "training.optimizer.final_share", "by the peak; with cosine_with_min_lr"),
        Miss("lr_scheduler_kwargs*", "of a schedule that is not here"),
        Join("warmup_steps", "training.optimizer.warmup_steps, training.optimizer.warmup_share", "updates; below 1 a share of the run"),
        Join("warmup_ratio", "training.optimizer.warmup_share", "share of the run"),
        Copy("weight_decay", "training.optimizer.weight_decay", Forms.Number, "norms, biases and embeddings are not decayed here", "0"),
        Copy("adam_beta1", "training.optimizer.beta1", Forms.Number),
        Copy("adam_beta2", "training.optimizer.beta2", Forms.Number),
        Copy("adam_epsilon", "training.optimizer.epsilon", Forms.Number),
        Copy("max_grad_norm", "training.optimizer.gradient_clip", Forms.Number),
        Join("optim", "training.optimizer", "adamw by any name of its implementations"),
        Miss("optim_args", "AdamW with the keys of training.optimizer"),
        Miss("neftune_noise_alpha", "no noise is added"),
        Skip("auto_find_batch_size", "training.token_budget bounds a piece of work"),
        Skip("ds3_gather_for_generation", Sharded),
        Skip("use_liger_*", Engine),
        Skip("tf32", Engine),
        Skip("torch_compile*", Engine),
        Skip("torch_empty_cache_steps", Engine),
        Skip("use_cpu", "model.device is cpu or cuda"),
        Skip("no_cuda", "model.device is cpu or cuda"),
        Skip("deepspeed", Sharded),
        Skip("fsdp*", Sharded),
        Skip("ddp_*", Sharded),
        Skip("parallelism_config*", Sharded),
        Skip("accelerator_config*", Sharded),
        Skip("local_rank", Sharded),
    ];

    private static KeyRow[] Rollout =>
    [
        Join("num_generations", "rollout.group_size", "responses a prompt; there 8 with GRPO and 2 with RLOO when not given"),
        Join("max_completion_length", "rollout.sampling.max_new_tokens, evaluation.sampling.max_new_tokens", "tokens; there 512 when not given"),
        Join("temperature", "rollout.sampling.temperature, evaluation.sampling.temperature", "there 1 when not given"),
        Join("top_p", "rollout.sampling.top_p", "1 in training: truncated samples are not of the policy that is trained"),
        Join("top_k", "rollout.sampling.top_k", "0 in training, as top_p"),
        Join("min_p", "rollout.sampling.min_p", "0 in training, as top_p"),
        Join("mask_truncated_completions", "rollout.truncated", "true is mask"),
        Join("num_generations_eval", "evaluation.validation_samples", "there as num_generations when not given"),
        Join("generation_kwargs.stop", "rollout.sampling.stop_strings", "texts that end a response"),
        Miss("generation_kwargs*", "sampling has temperature and stop_strings"),
        Miss("repetition_penalty", "in training it would sample another distribution than the policy's; evaluation.sampling.repetition_penalty has it", "1.0"),
        Miss("max_tool_calling_iterations", Turns),
        Skip("cache_implementation", Engine),
        Skip("use_transformers_*", Serving),
        Skip("transformers_continuous_batching_config*", Serving),
        Miss("vllm_guided_decoding_regex", "sampling is free"),
        Miss("vllm_structured_outputs_regex", "sampling is free"),
        Skip("use_vllm", Serving),
        Skip("vllm_*", Serving),
    ];

    private static KeyRow[] Run =>
    [
        Join("max_steps", "training.steps", "updates there: by the updates of a step; -1 takes the epochs"),
        Join("num_train_epochs", "training.epochs", "there 3 when not given"),
        Join("eval_strategy", "evaluation.every", "no is 0"),
        Join("evaluation_strategy", "evaluation.every", "the older name of eval_strategy"),
        Join("do_eval", "evaluation.every", "false is 0"),
        Join("eval_steps", "evaluation.every", "updates there: by the updates of a step"),
        Join("save_strategy", "checkpoint.every", "no and epoch save the last step alone"),
        Join("save_steps", "checkpoint.every", "updates there: by the updates of a step; there 500 when not given"),
        Join("save_total_limit", "checkpoint.keep_last", "there all when not given; the best is kept too"),
        Join("output_dir", "run.folder, run.name", "with a number behind it"),
        Join("run_name", "run.name", "with a number behind it"),
        Copy("seed", "run.seed", Forms.Whole, "", "42"),
        Skip("data_seed", "every choice has its stream of run.seed"),
        Miss("resume_from_checkpoint", "flowrl train --resume RUN goes on"),
        Skip("overwrite_output_dir", "every run has a folder of its own"),
        Skip("do_train", "flowrl train trains"),
        Skip("eval_on_start", "evaluated before and after a run are test problems"),
        Skip("eval_delay", "validation begins with evaluation.every"),
        Skip("per_device_eval_batch_size", "validation takes as many at a time as rollout.slots has"),
        Skip("load_best_model_at_end", "the best checkpoint on validation is kept, always"),
        Skip("metric_for_best_model", "the best checkpoint on validation is kept, always"),
        Skip("save_only_model", "a checkpoint has all that a resume needs"),
        Skip("save_safetensors", "weights are safetensors"),
        Miss("callbacks", "no code comes with a recipe; a loop of your own is in C#"),
        Miss("benchmarks", "flowrl eval has named evaluations"),
        Skip("log*", Logs),
        Skip("num_completions_to_print", Logs),
        Skip("report_to", Logs),
        Skip("wandb_*", Logs),
        Skip("project", Logs),
        Skip("trackio_*", Logs),
        Skip("disable_tqdm", Logs),
        Skip("push_to_hub*", Hub),
        Skip("hub_*", Hub),
        Skip("config", "another file"),
        Skip("accelerate_config", "how processes are started"),
        Skip("launcher.*", "how processes are started"),
    ];
}
