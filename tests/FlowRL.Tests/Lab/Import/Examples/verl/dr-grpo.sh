python3 -m verl.trainer.main_ppo \
    algorithm.adv_estimator=grpo algorithm.norm_adv_by_std_in_grpo=False \
    actor_rollout_ref.actor.loss_agg_mode=seq-mean-token-sum-norm actor_rollout_ref.actor.use_kl_loss=False \
    data.train_files=/sets/x.parquet data.shuffle=False data.seed=7 actor_rollout_ref.model.path=/models/m actor_rollout_ref.rollout.n=8 \
    data.train_batch_size=128 actor_rollout_ref.actor.ppo_mini_batch_size=128 trainer.total_epochs=2 trainer.experiment_name=dr/grpo
