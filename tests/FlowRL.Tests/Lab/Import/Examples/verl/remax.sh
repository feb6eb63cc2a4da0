python3 -m verl.trainer.main_ppo algorithm.adv_estimator=remax data.train_files=/sets/x.parquet actor_rollout_ref.model.path=/models/m \
    actor_rollout_ref.rollout.n=4 reward_model.enable=True reward_model.model.path=/models/judge trainer.total_training_steps=10 \
    actor_rollout_ref.actor.policy_loss.loss_mode=clip_cov
