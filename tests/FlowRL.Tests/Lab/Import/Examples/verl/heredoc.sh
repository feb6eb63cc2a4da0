#!/bin/bash
NAME=night
sbatch <<EOT
#!/bin/bash
#SBATCH --job-name=$NAME
cat > notes.txt <<'INNER'
python3 -m verl.trainer.main_ppo this is a note
INNER
python3 -m verl.trainer.main_ppo algorithm.adv_estimator=grpo data.train_files=/sets/x.parquet actor_rollout_ref.model.path=/models/m \
    actor_rollout_ref.rollout.n=4 trainer.experiment_name=$NAME trainer.total_training_steps=20
EOT
