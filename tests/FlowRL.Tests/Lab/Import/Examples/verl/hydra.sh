CONFIG_PATH="$(pwd)/config"
python3 -u -m verl.trainer.main_ppo --config-path="$CONFIG_PATH" --config-name='mine' hydra.run.dir=out \
    ++algorithm.adv_estimator=opo '+data.apply_chat_template_kwargs={enable_thinking:False}' data.train_files=[/sets/a.parquet,/sets/b.parquet] \
    actor_rollout_ref.model.path=/models/m "trainer.logger=[console]" trainer.experiment_name='"a name: with signs"' trainer.total_training_steps=null \
    trainer.total_epochs=3 actor_rollout_ref.rollout.n=1 data.truncation=middle
