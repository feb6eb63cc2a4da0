#!/usr/bin/env bash
FILES=(/sets/one.parquet /sets/two.parquet)
DATA=(
    data.train_files="['${FILES[0]}', '${FILES[1]}']"   # both
    data.train_batch_size=64
    data.return_raw_chat=True
)
MODEL=(
    actor_rollout_ref.model.path=/models/m
    actor_rollout_ref.model.lora_rank=16
    actor_rollout_ref.model.lora_alpha=64
    actor_rollout_ref.model.target_modules='[q_proj,v_proj,lm_head]'
)
EXTRA=()
EXTRA+=(trainer.total_training_steps=${STEPS:-80})
EXTRA+=(trainer.n_gpus_per_node=$GPUS)

python3 -m verl.trainer.main_ppo algorithm.adv_estimator=grpo actor_rollout_ref.rollout.n=8 actor_rollout_ref.actor.ppo_mini_batch_size=16 \
    "${DATA[@]}" "${MODEL[@]}" "${EXTRA[@]}" "$@" 2>&1 | tee run.log
