python3 -m recipe.flowrl.main_flowrl algorithm.adv_estimator=grpo data.train_files=/sets/m.parquet actor_rollout_ref.model.path=/models/m \
    actor_rollout_ref.rollout.n=8 data.train_batch_size=512 actor_rollout_ref.actor.ppo_mini_batch_size=64 \
    actor_rollout_ref.actor.use_kl_loss=True actor_rollout_ref.actor.kl_loss_coef=0.0 actor_rollout_ref.actor.clip_ratio_high=0.28 \
    reward_model.reward_manager=dapo reward_model.overlong_buffer.enable=True reward_model.overlong_buffer.len=512 \
    reward_model.overlong_buffer.penalty_factor=1.0 data.max_response_length=1024 trainer.total_training_steps=60
