python -m verl.trainer.main_ppo algorithm.adv_estimator=gae algorithm.lam=0.95 algorithm.gamma=0.99 \
 data.train_files='[~/sets/a.parquet, ~/sets/b.parquet]' data.val_files=~/sets/c.parquet data.train_batch_size=512 \
 data.max_response_length=256 data.prompt_key=question \
 actor_rollout_ref.model.path=~/models/base actor_rollout_ref.actor.optim.lr=5e-7 actor_rollout_ref.actor.ppo_mini_batch_size=128 \
 actor_rollout_ref.actor.ppo_epochs=2 actor_rollout_ref.actor.clip_ratio=0.3 actor_rollout_ref.rollout.n=1 actor_rollout_ref.rollout.max_num_seqs=512 \
 critic.optim.lr=1e-5 critic.cliprange_value=0.3 critic.model.path=~/models/base critic.ppo_micro_batch_size_per_gpu=4 \
 algorithm.use_kl_in_reward=True algorithm.kl_penalty=kl algorithm.kl_ctrl.kl_coef=0.002 algorithm.kl_ctrl.type=adaptive algorithm.kl_ctrl.target_kl=0.05 \
 actor_rollout_ref.actor.optim.lr_scheduler_type=cosine actor_rollout_ref.actor.optim.min_lr_ratio=0.1 actor_rollout_ref.actor.optim.lr_warmup_steps=20 \
 actor_rollout_ref.actor.optim.betas='[0.9, 0.95]' actor_rollout_ref.actor.fsdp_config.model_dtype=bf16 \
 trainer.total_training_steps=400 trainer.val_before_train=False trainer.max_actor_ckpt_to_keep=3
