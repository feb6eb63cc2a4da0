#!/bin/bash
#SBATCH --job-name=gspo
#SBATCH --nodes=1
#SBATCH --gres=gpu:8

source ~/.bashrc
export WANDB_API_KEY=none
mode=gspo
if [ "$mode" = gspo ]; then
    low=3e-4
    high=4e-4
fi

srun --nodes=1 bash -c "cd /opt/verl && python3 -m verl.trainer.main_ppo \
    algorithm.adv_estimator=grpo \
    actor_rollout_ref.actor.policy_loss.loss_mode=${mode} \
    actor_rollout_ref.actor.loss_agg_mode=seq-mean-token-mean \
    actor_rollout_ref.actor.clip_ratio_low=$low actor_rollout_ref.actor.clip_ratio_high=$high \
    data.train_files=/sets/algebra.parquet data.val_files=/sets/algebra-test.parquet \
    data.train_batch_size=128 actor_rollout_ref.actor.ppo_mini_batch_size=32 actor_rollout_ref.rollout.n=16 \
    actor_rollout_ref.model.path=/models/three-b \
    trainer.total_training_steps=300 actor_rollout_ref.actor.optim.lr_warmup_steps_ratio=0.05"
