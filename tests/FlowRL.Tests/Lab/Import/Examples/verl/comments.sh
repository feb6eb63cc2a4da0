python3 -m verl.trainer.main_ppo \
    algorithm.adv_estimator=grpo \
    data.train_files=/sets/x.parquet \
    # data.val_files=/sets/y.parquet \
    data.train_batch_size=32 \
    actor_rollout_ref.model.path=/models/m \ # the small one
    actor_rollout_ref.rollout.n=4 \
    trainer.total_training_steps=20

echo "done #1"
