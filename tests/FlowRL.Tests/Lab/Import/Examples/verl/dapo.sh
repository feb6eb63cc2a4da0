#!/usr/bin/env bash
set -xeuo pipefail

project='Competition'
name="${project}-7b"

adv_estimator=grpo
use_kl_in_reward=False; use_kl_loss=False
clip_low=0.2
clip_high=0.28

max_prompt=$((1024 * 2))
max_response=$((1024 * 12))
buffer=$((max_response / 4))
loss_mode="token-mean"

prompts=384
gen_prompts=$((prompts * 3))
answers=16
mini=32

RAY_ADDRESS=${RAY_ADDRESS:-"http://localhost:8265"}
WORKING_DIR=${WORKING_DIR:-"${PWD}"}
ROOT=${ROOT:-"${HOME}/work"}
MODEL=${MODEL:-"${ROOT}/models/base-7b"}
TRAIN=${TRAIN:-"${ROOT}/sets/competition.parquet"}
TEST=${TEST:-"${ROOT}/sets/exam.parquet"}

ray job submit --no-wait --address="${RAY_ADDRESS}" \
    --working-dir "${WORKING_DIR}" \
    -- python3 -m recipe.dapo.main_dapo \
    data.train_files="${TRAIN}" \
    data.val_files="['${TEST}']" \
    data.prompt_key=prompt \
    data.truncation='left' \
    data.max_prompt_length=${max_prompt} \
    data.max_response_length=${max_response} \
    data.gen_batch_size=${gen_prompts} \
    data.train_batch_size=${prompts} \
    actor_rollout_ref.rollout.n=${answers} \
    algorithm.adv_estimator=${adv_estimator} \
    algorithm.use_kl_in_reward=${use_kl_in_reward} \
    algorithm.kl_ctrl.kl_coef=0.0 \
    algorithm.filter_groups.enable=True \
    algorithm.filter_groups.max_num_gen_batches=10 \
    algorithm.filter_groups.metric=acc \
    actor_rollout_ref.actor.use_kl_loss=${use_kl_loss} \
    actor_rollout_ref.actor.clip_ratio_low=${clip_low} \
    actor_rollout_ref.actor.clip_ratio_high=${clip_high} \
    actor_rollout_ref.actor.clip_ratio_c=10.0 \
    actor_rollout_ref.actor.loss_agg_mode=${loss_mode} \
    actor_rollout_ref.actor.use_dynamic_bsz=True \
    actor_rollout_ref.actor.ppo_max_token_len_per_gpu=$((max_prompt + max_response)) \
    actor_rollout_ref.actor.ppo_mini_batch_size=${mini} \
    actor_rollout_ref.actor.optim.lr=1e-6 \
    actor_rollout_ref.actor.optim.lr_warmup_steps=10 \
    actor_rollout_ref.actor.optim.weight_decay=0.1 \
    actor_rollout_ref.model.path="${MODEL}" \
    actor_rollout_ref.rollout.temperature=1.0 \
    actor_rollout_ref.rollout.top_p=1.0 \
    actor_rollout_ref.rollout.top_k=-1 \
    actor_rollout_ref.rollout.val_kwargs.temperature=1.0 \
    actor_rollout_ref.rollout.val_kwargs.top_p=0.7 \
    actor_rollout_ref.rollout.val_kwargs.do_sample=True \
    actor_rollout_ref.rollout.val_kwargs.n=4 \
    reward_model.reward_manager=dapo \
    +reward_model.reward_kwargs.overlong_buffer_cfg.enable=True \
    +reward_model.reward_kwargs.overlong_buffer_cfg.len=${buffer} \
    +reward_model.reward_kwargs.overlong_buffer_cfg.penalty_factor=0.5 \
    +reward_model.reward_kwargs.max_resp_len=${max_response} \
    trainer.experiment_name="${name}" \
    trainer.default_local_dir="${ROOT}/out/${project}/${name}" \
    trainer.total_training_steps=240 \
    trainer.test_freq=5 \
    trainer.save_freq=-1
