using static FlowRL.Lab.Import.KeyRow;

namespace FlowRL.Lab.Import;

/// <summary>
/// verl's keys (its <c>ppo_trainer</c> and what is added to it in scripts) and what they are here. Names and defaults are those of verl 0.7; older
/// names that scripts still have are among them.
/// </summary>
internal static class VerlKeys
{
    private const string Sharded = "one process here; nothing is spread over devices";
    private const string Serving = "how a separate engine is served; sampling is in this process, and rollout.slots and rollout.decode are its settings";
    private const string Pieces = "training.token_budget bounds a piece of work here; it changes no result";
    private const string Engine = "how tensors are computed; it changes no result here";
    private const string Logs = "metrics.jsonl, samples.jsonl and tensorboard are written in every run";
    private const string RewardModel = "models that judge are not run; score with a program (reward.parts, type process)";
    private const string Turns = "a response is one turn";
    private const string Pictures = "text alone is read";
    private const string OneShape = "a response's log-probabilities are computed once, by the code that trains";
    private const string Stays = "the critic is a head on the policy, not a model of its own";

    public static KeyTable Table { get; } = new(
        [Skip("*_target_", "a class of verl's"), .. Data, .. Model, .. Algorithm, .. Update, .. Rollout, .. Run, .. Rest]);

    private static KeyRow[] Data =>
    [
        Join("data.train_files", "task.data.train", "Parquet, JSON lines or CSV; the layout verl is recognised"),
        Join("data.val_files", "task.data.validation", "choose the best checkpoint; there are no test problems then"),
        Join("data.train_batch_size", "rollout.problems", "prompts a step; there 1024 when not given"),
        Skip("data.gen_batch_size", "a round of sampling takes as many prompts as are missing"),
        Copy("data.max_prompt_length", "rollout.max_prompt_tokens", Forms.Whole, "tokens", "512"),
        Join("data.max_response_length", "rollout.sampling.max_new_tokens, evaluation.sampling.max_new_tokens", "tokens; there 512 when not given"),
        Join("data.truncation", "rollout.long_prompts", "error refuses; left, right and middle cut prompts there, which nothing does here: they are left out"),
        Join("data.filter_overlong_prompts", "rollout.long_prompts", "true leaves long prompts out"),
        Copy("data.shuffle", "task.data.shuffle", Forms.Shuffled, "the seed of the order, or 0 for the files' own"),
        Copy("data.seed", "run.seed", Forms.Whole),
        Join("data.prompt_key", "task.data.fields.problem", "prompt is the layout verl's"),
        Join("data.val_max_samples", "evaluation.validation_problems", "-1 takes all"),
        Miss("data.train_max_samples", "all rows are trained on; cut the file", "-1"),
        Miss("data.apply_chat_template_kwargs*", "the chat template is used as it stands") with { CanBeOff = false },
        Miss("data.custom_cls.*", "rows are read by layouts and task.data.fields"),
        Miss("data.sampler.*", "problems are drawn in a shuffled order"),
        Miss("data.datagen.*", "problems are read from files"),
        Skip("data.reward_fn_key", "the task decides how answers are verified"),
        Skip("data.val_batch_size", "validation takes as many at a time as rollout.slots has"),
        Skip("data.image_key", Pictures),
        Skip("data.video_key", Pictures),
        Skip("data.image_patch_size", Pictures),
        Skip("data.return_*", "rows that hold a conversation are chats, and token ids are kept"),
        Skip("data.*workers*", "rows are read once, at the start"),
        Skip("data.validation_shuffle", "the order of validation problems changes nothing"),
        Miss("data.tool_config_path", Turns),
        Skip("data.tokenizer", "the tokenizer is the model's"),
        Skip("data.trust_remote_code", "no code comes with a model or with data"),
        Skip("data.use_shm", "files are read where they are"),
    ];

    private static KeyRow[] Model =>
    [
        Join("actor_rollout_ref.model.path", "model.path", "a folder, or a name of the hub"),
        Join("actor_rollout_ref.model.lora_rank", "model.lora.rank", "0 trains the weights themselves"),
        Join("actor_rollout_ref.model.lora_alpha", "model.lora.alpha", "there 16 when not given"),
        Join("actor_rollout_ref.model.target_modules", "model.lora.target_modules", "all-linear names all seven"),
        Copy("actor_rollout_ref.model.enable_gradient_checkpointing", "training.recompute", Forms.Flag, "", "true"),
        Join("actor_rollout_ref.actor.fsdp_config.model_dtype", "model.weights", "bfloat16 has float32 masters in the optimiser"),
        Miss("actor_rollout_ref.model.exclude_modules", "name the matrices that have adapters in model.lora.target_modules"),
        Miss("actor_rollout_ref.model.lora_adapter_path", "adapters begin anew; merge others first (flowrl merge)"),
        Miss("actor_rollout_ref.model.lora.*", "another way to train adapters; model.lora has rank, alpha and target_modules"),
        Miss("actor_rollout_ref.model.custom_chat_template", "the chat template is the model's"),
        Miss("actor_rollout_ref.model.override_config*", "change the model's config.json"),
        Miss("actor_rollout_ref.model.tokenizer_path", "the tokenizer is the model's"),
        Miss("actor_rollout_ref.model.hf_config_path", "the config is the model's"),
        Miss("actor_rollout_ref.model.mtp.*", "there is no prediction of several tokens"),
        Skip("actor_rollout_ref.model.trust_remote_code", "no code comes with a model or with data"),
        Skip("actor_rollout_ref.model.external_lib", "no code comes with a model or with data"),
        Skip("actor_rollout_ref.model.use_remove_padding", "sequences are packed, always"),
        Skip("actor_rollout_ref.model.*", Engine),
        Skip("actor_rollout_ref.hybrid_engine", "sampling and training share one process"),
        Skip("actor_rollout_ref.nccl_timeout", Sharded),
    ];

    private static KeyRow[] Algorithm =>
    [
        Join("algorithm.adv_estimator", "objective.type",
            "gae is ppo; grpo, rloo, reinforce_plus_plus, reinforce_plus_plus_baseline by name; there gae when not given"),
        Join("algorithm.norm_adv_by_std_in_grpo", "objective.type", "false is dr_grpo's advantage"),
        Join("algorithm.gamma", "objective.gamma", "with ppo"),
        Join("algorithm.lam", "objective.gae_lambda", "with ppo"),
        Join("algorithm.use_kl_in_reward", "objective.kl.placement", "true is reward"),
        Join("algorithm.kl_penalty", "objective.kl.estimator", "kl is k1, mse is k2, low_var_kl is k3"),
        Join("algorithm.kl_ctrl.kl_coef", "objective.kl.coefficient", "with use_kl_in_reward; there 0.001 when not given"),
        Join("algorithm.kl_ctrl.type", "objective.kl.target", "adaptive aims at a mean over tokens there and at whole responses here"),
        Join("algorithm.kl_ctrl.target_kl", "objective.kl.target", "nats a token there, nats a response here: times a length"),
        Join("algorithm.kl_ctrl.horizon", "objective.kl.horizon", "responses"),
        Join("algorithm.filter_groups.enable", "objective.type, objective.refill_rounds", "true is dapo"),
        Join("algorithm.filter_groups.max_num_gen_batches", "objective.refill_rounds", "one less, since the first round refills nothing; 0 sets no limit"),
        Skip("algorithm.filter_groups.metric", "a group counts if its rewards differ"),
        Join("algorithm.tb_coef", "objective.beta", "FlowRL's β"),
        Join("algorithm.rollout_correction.rollout_is", "objective.correction.level", "token or sequence"),
        Join("algorithm.rollout_correction.rollout_is_threshold", "objective.correction.cap", "there 2 when not given"),
        Miss("algorithm.rollout_correction.rollout_rs", "objective.correction has level, cap, outlier_ratio and token_veto"),
        Skip("algorithm.rollout_correction.*", "of corrections that are not here"),
        Miss("algorithm.use_pf_ppo", "no samples are weighed again"),
        Skip("algorithm.pf_ppo.*", "no samples are weighed again"),
    ];

    private static KeyRow[] Update =>
    [
        Join("actor_rollout_ref.actor.ppo_mini_batch_size", "training.mini_batch", "prompts there, responses here: times rollout.n; there 256 when not given"),
        Copy("actor_rollout_ref.actor.ppo_epochs", "training.passes", Forms.Whole),
        Join("actor_rollout_ref.actor.clip_ratio", "objective.epsilon_low, objective.epsilon_high",
            "where clip_ratio_low and clip_ratio_high are not given; there 0.2 when not given"),
        Join("actor_rollout_ref.actor.clip_ratio_low", "objective.epsilon_low", ""),
        Join("actor_rollout_ref.actor.clip_ratio_high", "objective.epsilon_high", ""),
        Join("actor_rollout_ref.actor.clip_ratio_c", "objective.dual_clip", "there 3 when not given, not with gspo"),
        Join("actor_rollout_ref.actor.entropy_coeff", "objective.entropy_bonus", ""),
        Join("actor_rollout_ref.actor.use_kl_loss", "objective.kl.placement", "true is loss"),
        Join("actor_rollout_ref.actor.kl_loss_coef", "objective.kl.coefficient", "with use_kl_loss; there 0.001 when not given"),
        Join("actor_rollout_ref.actor.kl_loss_type", "objective.kl.estimator", "kl is k1, mse is k2, low_var_kl is k3; with a plus sign the gradient is k2's"),
        Join("actor_rollout_ref.actor.loss_agg_mode", "objective.aggregation",
            "token-mean is token_mean, seq-mean-token-mean is sequence_mean, the sums are constant"),
        Join("actor_rollout_ref.actor.loss_scale_factor", "objective.aggregation", "constant divides by the length limit"),
        Join("actor_rollout_ref.actor.policy_loss.loss_mode", "objective.type", "gspo by name; vanilla is the clipped surrogate"),
        Skip("actor_rollout_ref.actor.policy_loss.*", "of a surrogate that is not here"),
        Join("actor_rollout_ref.actor.tis_imp_ratio_cap", "objective.correction.level, objective.correction.cap", "the level is token"),
        Join("actor_rollout_ref.actor.tb_type", "objective.type", "FlowRL, as its authors' first code has it"),
        Skip("actor_rollout_ref.actor.porj_layer", "log Z has three layers"),
        Skip("actor_rollout_ref.actor.proj_layer", "log Z has three layers"),
        Join("actor_rollout_ref.actor.use_dynamic_bsz", "training.token_budget", "true bounds a piece by its tokens, as is always done here"),
        Join("actor_rollout_ref.actor.ppo_max_token_len_per_gpu", "training.token_budget", "tokens of one forward and backward pass, with use_dynamic_bsz"),
        Copy("actor_rollout_ref.actor.optim.lr", "training.optimizer.learning_rate", Forms.Number, "", "1e-6"),
        Copy("actor_rollout_ref.actor.optim.weight_decay", "training.optimizer.weight_decay", Forms.Number,
            "norms, biases and embeddings are not decayed here", "0.01"),
        Join("actor_rollout_ref.actor.optim.betas", "training.optimizer.beta1, training.optimizer.beta2", ""),
        Join("actor_rollout_ref.actor.optim.lr_warmup_steps", "training.optimizer.warmup_steps",
            "steps there, updates here: times the updates of a step; -1 takes the ratio"),
        Join("actor_rollout_ref.actor.optim.lr_warmup_steps_ratio", "training.optimizer.warmup_share", "share of the run"),
        Join("actor_rollout_ref.actor.optim.lr_scheduler_type", "training.optimizer.schedule", "constant or cosine"),
        Join("actor_rollout_ref.actor.optim.warmup_style", "training.optimizer.schedule", "the older name of lr_scheduler_type"),
        Join("actor_rollout_ref.actor.optim.min_lr_ratio", "training.optimizer.final_share", "with cosine"),
        Join("actor_rollout_ref.actor.grad_clip", "training.optimizer.gradient_clip", "there 1 when not given"),
        Join("actor_rollout_ref.actor.optim.clip_grad", "training.optimizer.gradient_clip", "its name beside the optimiser"),
        Skip("actor_rollout_ref.actor.optim.total_training_steps", "the schedule spans the run"),
        Miss("actor_rollout_ref.actor.optim.num_cycles", "cosine is half a wave", "0.5"),
        Miss("actor_rollout_ref.actor.optim.optimizer", "AdamW", "AdamW"),
        Skip("actor_rollout_ref.actor.optim.optimizer_impl", Engine),
        Miss("actor_rollout_ref.actor.optim.*", "AdamW with the keys of training.optimizer"),
        Skip("actor_rollout_ref.actor.ppo_micro_batch_size*", Pieces),
        Skip("actor_rollout_ref.actor.shuffle", "mini-batches are drawn in a shuffled order"),
        Skip("actor_rollout_ref.actor.data_loader_seed", "every choice has its stream of run.seed"),
        Skip("actor_rollout_ref.actor.tau_*", "of a surrogate that is not here"),
        Miss("actor_rollout_ref.actor.freeze_vision_tower", Pictures),
        Skip("actor_rollout_ref.actor.checkpoint.*", "a checkpoint has all that a resume needs"),
        Skip("actor_rollout_ref.actor.*", Engine),
        Skip("actor_rollout_ref.ref.*", OneShape),
    ];

    private static KeyRow[] Rollout =>
    [
        Join("actor_rollout_ref.rollout.n", "rollout.group_size", "responses a prompt; there 1 when not given"),
        Copy("actor_rollout_ref.rollout.temperature", "rollout.sampling.temperature", Forms.Number, "", "1"),
        Join("actor_rollout_ref.rollout.top_p", "rollout.sampling.top_p", "1 in training: truncated samples are not of the policy that is trained"),
        Join("actor_rollout_ref.rollout.top_k", "rollout.sampling.top_k", "0 in training, as top_p; -1 is 0"),
        Join("actor_rollout_ref.rollout.do_sample", "rollout.sampling.temperature", "false would sample no distribution"),
        Join("actor_rollout_ref.rollout.max_num_seqs", "rollout.slots", "sequences side by side"),
        Join("actor_rollout_ref.rollout.val_kwargs.temperature", "evaluation.sampling.temperature", "with do_sample; there 0 when not given"),
        Join("actor_rollout_ref.rollout.val_kwargs.top_p", "evaluation.sampling.top_p", ""),
        Join("actor_rollout_ref.rollout.val_kwargs.top_k", "evaluation.sampling.top_k", "-1 is 0"),
        Join("actor_rollout_ref.rollout.val_kwargs.n", "evaluation.validation_samples", "there 1 when not given"),
        Join("actor_rollout_ref.rollout.val_kwargs.do_sample", "evaluation.sampling.temperature", "false is temperature 0; there false when not given"),
        Join("actor_rollout_ref.rollout.response_length", "rollout.sampling.max_new_tokens", "data.max_response_length decides"),
        Join("actor_rollout_ref.rollout.prompt_length", "rollout.max_prompt_tokens", "data.max_prompt_length decides"),
        Miss("actor_rollout_ref.rollout.ignore_eos", "a response ends at its end-of-sequence token"),
        Miss("actor_rollout_ref.rollout.multi_turn.*", Turns),
        Miss("actor_rollout_ref.rollout.agent.default_agent_loop", Turns, "single_turn_agent"),
        Skip("actor_rollout_ref.rollout.agent.*", Serving),
        Miss("actor_rollout_ref.rollout.over_sample_rate", "every response of a group is waited for", "0"),
        Skip("actor_rollout_ref.rollout.mode", Serving),
        Skip("actor_rollout_ref.rollout.name", Serving),
        Skip("actor_rollout_ref.rollout.tensor_model_parallel_size", Sharded),
        Skip("actor_rollout_ref.rollout.gpu_memory_utilization", Serving),
        Skip("actor_rollout_ref.rollout.log_prob_*", OneShape),
        Skip("actor_rollout_ref.rollout.calculate_log_probs", OneShape),
        Skip("actor_rollout_ref.rollout.*", Serving),
        Join("reward_model.overlong_buffer.enable", "rollout.overlong_tokens", "false is 0"),
        Join("reward_model.overlong_buffer.len", "rollout.overlong_tokens", "tokens before the length limit"),
        Join("reward_model.overlong_buffer.penalty_factor", "rollout.overlong_penalty", ""),
        Join("reward_model.reward_kwargs.overlong_buffer_cfg.enable", "rollout.overlong_tokens", "false is 0"),
        Join("reward_model.reward_kwargs.overlong_buffer_cfg.len", "rollout.overlong_tokens", "tokens before the length limit"),
        Join("reward_model.reward_kwargs.overlong_buffer_cfg.penalty_factor", "rollout.overlong_penalty", ""),
        Skip("reward_model.overlong_buffer.log", Logs),
        Skip("reward_model.reward_kwargs.overlong_buffer_cfg.log", Logs),
        Skip("reward_model.reward_kwargs.max_resp_len", "the length limit is rollout.sampling.max_new_tokens"),
        Join("reward_model.reward_manager", "reward.parts", "the task verifies: 1 for a right answer and 0 for a wrong one; parts of yours are added there"),
        Miss("reward_model.enable", RewardModel),
        Skip("reward_model.launch_reward_fn_async", "rewards are computed beside sampling, always"),
        Skip("reward_model.use_reward_loop", "rewards are computed beside sampling, always"),
        Miss("reward_model.sandbox_fusion.*", "programs run in a sandbox of this machine (task.code)"),
        Skip("reward_model.*", RewardModel),
        Join("reward_manager.name", "reward.parts", "its newer name"),
        Skip("reward_manager.*", "the task verifies"),
        Miss("reward.*", "the task verifies; parts of yours are added in reward.parts"),
        Miss("custom_reward_function.path", "a function in Python becomes a program: reward.parts, type process (docs/coming-from.md)"),
        Skip("custom_reward_function.*", "of custom_reward_function.path"),
    ];

    private static KeyRow[] Run =>
    [
        Join("trainer.total_training_steps", "training.steps", ""),
        Join("trainer.total_epochs", "training.epochs", "where total_training_steps is not given; there 30 when not given"),
        Join("trainer.save_freq", "checkpoint.every", "-1 saves the last step alone"),
        Join("trainer.test_freq", "evaluation.every", "-1 is 0"),
        Join("trainer.max_actor_ckpt_to_keep", "checkpoint.keep_last", "there all when not given; the best is kept too"),
        Join("trainer.experiment_name", "run.name", "with a number behind it"),
        Join("trainer.default_local_dir", "run.folder", "the folder that holds runs"),
        Skip("trainer.val_before_train", "evaluated before and after a run are test problems: task.data.test, evaluation.test_problems"),
        Miss("trainer.val_only", "flowrl eval evaluates"),
        Miss("trainer.critic_warmup", "policy and critic learn together from the first step", "0"),
        Skip("trainer.resume_mode", "flowrl train --resume RUN goes on"),
        Miss("trainer.resume_from_path", "flowrl train --resume RUN goes on"),
        Skip("trainer.project_name", "a run has one name"),
        Skip("trainer.logger", Logs),
        Skip("trainer.log_val_generations", Logs),
        Skip("trainer.rollout_data_dir", Logs),
        Skip("trainer.validation_data_dir", Logs),
        Skip("trainer.balance_batch", Sharded),
        Skip("trainer.nnodes", Sharded),
        Skip("trainer.n_gpus_per_node", Sharded),
        Skip("trainer.device", "model.device is cpu or cuda"),
        Skip("trainer.*", "how a run is hosted"),
    ];

    private static KeyRow[] Rest =>
    [
        Join("critic.optim.lr", "objective.critic.learning_rate_factor", "as a multiple of the policy's; there 1e-5 when not given"),
        Join("critic.cliprange_value", "objective.value_clip", "there 0.5 when not given"),
        Miss("critic.optim.*", Stays),
        Miss("critic.model.path", Stays),
        Miss("critic.ppo_epochs", Stays),
        Skip("critic.*", Stays),
        Miss("async_training.*", "rollout.lag: 1 samples the next batch beside the update"),
        Miss("defaults", "another file's settings; only this one is read, and verl's ppo_trainer is taken for the rest"),
        Skip("hydra.*", "how verl finds its files"),
        Skip("global_profiler.*", "flowrl bench measures"),
        Skip("rollout.*", "how sampling apart from training is hosted"),
        Skip("ray_kwargs.*", Sharded),
        Skip("ray_init.*", Sharded),
        Skip("transfer_queue.*", Sharded),
        Skip("script.*", "said of the command, not of the run"),
    ];
}
