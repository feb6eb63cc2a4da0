#!/usr/bin/env bash
# A run of verl's, for: flowrl recipe examples/verl.sh --from verl
prompts=256
answers=8

python3 -m verl.trainer.main_ppo \
    algorithm.adv_estimator=grpo \
    data.train_files="$HOME/problems/train.parquet" \
    data.val_files="$HOME/problems/validation.parquet" \
    data.train_batch_size=$prompts \
    data.max_response_length=$((1024 * 2)) \
    actor_rollout_ref.model.path=Qwen/Qwen2.5-1.5B-Instruct \
    actor_rollout_ref.actor.optim.lr=1e-6 \
    actor_rollout_ref.actor.ppo_mini_batch_size=64 \
    actor_rollout_ref.actor.use_kl_loss=True \
    actor_rollout_ref.rollout.n=$answers \
    actor_rollout_ref.rollout.name=vllm \
    actor_rollout_ref.rollout.tensor_model_parallel_size=2 \
    trainer.total_training_steps=200 \
    trainer.test_freq=10
