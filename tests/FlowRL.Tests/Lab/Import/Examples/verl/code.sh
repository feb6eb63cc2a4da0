export VLLM_USE_V1=1
cmd="python3 -m verl.trainer.main_ppo algorithm.adv_estimator=grpo"
cmd="$cmd data.train_files=/sets/coding_problems.parquet data.val_files=/sets/coding_test.parquet"
cmd+=" actor_rollout_ref.model.path=/models/coder actor_rollout_ref.rollout.n=8 actor_rollout_ref.rollout.temperature=0.6"
cmd+=" custom_reward_function.path=score.py custom_reward_function.name=score"
cmd+=" algorithm.rollout_correction.rollout_is=token algorithm.rollout_correction.rollout_is_threshold=3"
cmd+=" actor_rollout_ref.rollout.multi_turn.enable=True trainer.total_training_steps=40 trainer.experimnt_name=x"
eval $cmd
