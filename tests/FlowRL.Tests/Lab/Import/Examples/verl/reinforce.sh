python3 -m verl.trainer.main_ppo \
    algorithm.adv_estimator=reinforce_plus_plus \
    algorithm.gamma=0.9 \
    algorithm.use_kl_in_reward=True algorithm.kl_penalty=mse \
    data.train_files=/sets/x.parquet data.train_batch_size=1024 \
    actor_rollout_ref.model.path=/models/m actor_rollout_ref.rollout.n=1 \
    actor_rollout_ref.rollout.top_p=0.95 actor_rollout_ref.rollout.do_sample=True \
    trainer.total_training_steps=100 trainer.test_freq=-1
