torchrun --nproc_per_node=4 --nnodes=2 train_grpo.py --model_name_or_path=/models/m --num_generations=16 --per_device_train_batch_size=8 \
  --gradient_accumulation_steps=2 --temperature=0.9 --top_p=0.95 --top_k=50 --max_steps=40 --delta 4 --mask_truncated_completions true
