uv run trl rloo --model_name_or_path /models/m --dataset_name /sets/rows.jsonl --num_generations 4 --per_device_train_batch_size 8 --max_steps 30 \
  --normalize_advantages false --save_strategy no
