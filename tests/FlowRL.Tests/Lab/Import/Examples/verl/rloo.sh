MODEL_PATH="/models/half-b"
ARGS="algorithm.adv_estimator=rloo data.train_batch_size=96 actor_rollout_ref.rollout.n=4"
python3 -m verl.trainer.main_ppo $ARGS actor_rollout_ref.actor.ppo_mini_batch_size=36 data.train_files=/sets/x.parquet \
    actor_rollout_ref.model.path=$MODEL_PATH algorithm.use_kl_in_reward=True actor_rollout_ref.actor.loss_agg_mode=seq-mean-token-sum trainer.total_training_steps=50
