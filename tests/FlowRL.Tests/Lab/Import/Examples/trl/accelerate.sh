#!/bin/bash
#SBATCH --gres=gpu:8
export ACCELERATE_LOG_LEVEL=info
CONFIG=recipes/mine.yaml
BETA=${BETA:-0.04}
accelerate launch --config_file zero3.yaml --num_processes=7 --mixed_precision bf16 src/train/grpo.py --config $CONFIG \
    --beta "$BETA" --epsilon_high=0.28 --num-iterations 2 --loss_type bnpo --no_shuffle_dataset \
    --model_name_or_path /models/m --dataset_name rows.jsonl --num_generations 7 --per_device_train_batch_size 7 \
    --lr_scheduler_kwargs '{"min_lr_rate": 0.1}' --lr_scheduler_type cosine_with_min_lr --warmup_ratio 0.1 --max_steps 100 \
    --eval_strategy steps --eval_steps 20 --reward_weights 1.0 0.5 --reward_funcs accuracy_reward my_rewards.tidy
