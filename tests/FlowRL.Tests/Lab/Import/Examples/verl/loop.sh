#!/bin/bash
train() {
    local rate=$1
    for lr in 1e-6 5e-6; do
        python3 -m verl.trainer.main_ppo algorithm.adv_estimator=grpo data.train_files=$DATA/x.parquet actor_rollout_ref.model.path="${MODEL:?set it}" \
            actor_rollout_ref.actor.optim.lr=$lr actor_rollout_ref.actor.optim.weight_decay=$rate actor_rollout_ref.rollout.n=4 \
            trainer.experiment_name=lr-$lr-$(date +%s) trainer.total_training_steps=20 ~trainer.project_name
    done
}
train "$@"
