using FlowRL.Objectives.DistributionMatching;
using FlowRL.Objectives.PolicyGradient;

namespace FlowRL.Tests.Lab.Import;

/// <summary>Settings in the layouts that people's files have, as recipes: what they say, and that nothing is dropped in silence.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Examples => [.. Imported.Examples];

    [Fact]
    public void There_are_examples_of_both() => Assert.True(
        Imported.Examples.Count(example => example.StartsWith("verl/", StringComparison.Ordinal)) >= 18
            && Imported.Examples.Count(example => example.StartsWith("trl/", StringComparison.Ordinal)) >= 14);

    /// <summary>That it loads is what <see cref="Imported"/> asks for.</summary>
    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_becomes_a_recipe_that_loads_and_accounts_for_each_setting(string example)
    {
        var imported = Imported.Of(example);

        Assert.True(imported.Report.Settings > 0);
        Assert.Equal(imported.Report.Settings, imported.Accounted.Count);
        Assert.DoesNotContain('\t', imported.Report.Recipe);
        Assert.All(imported.Report.Refused.Concat(imported.Report.Missing), sentence => Assert.Contains(
            sentence.Split(' ')[0], imported.Report.Recipe, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("verl/grpo.sh", "model.path=Qwen/Qwen2.5-1.5B-Instruct", "task.type=math", "task.data.train=[\"/home/someone/problems/train.parquet\"]",
        "task.data.validation=[\"/home/someone/problems/test.parquet\"]", "objective.type=grpo", "objective.dual_clip=3", "objective.kl.coefficient=0.004",
        "objective.kl.estimator=k3", "objective.kl.placement=loss", "rollout.problems=256", "rollout.group_size=5", "training.mini_batch=320",
        "rollout.long_prompts=skip", "rollout.max_prompt_tokens=400", "rollout.sampling.max_new_tokens=800", "evaluation.sampling.max_new_tokens=800",
        "training.optimizer.learning_rate=2e-6", "training.optimizer.weight_decay=0.01", "training.optimizer.warmup_steps=0", "training.recompute=true",
        "evaluation.every=5", "evaluation.sampling.temperature=0", "evaluation.validation_samples=1", "checkpoint.every=25", "run.name=small_grpo", "training.epochs=12", "training.steps=")]
    [InlineData("verl/dapo.sh", "model.path=/home/someone/work/models/base-7b", "objective.type=dapo", "objective.refill_rounds=9", "objective.epsilon_high=0.28",
        "objective.dual_clip=10", "objective.kl.coefficient=0", "rollout.problems=384", "rollout.group_size=16", "training.mini_batch=512",
        "rollout.sampling.max_new_tokens=12288", "rollout.overlong_tokens=3072", "rollout.overlong_penalty=0.5", "training.token_budget=14336",
        "training.optimizer.warmup_steps=120", "training.steps=240", "evaluation.sampling.top_p=0.7", "evaluation.validation_samples=4",
        "rollout.sampling.top_k=0", "rollout.long_prompts=skip", "checkpoint.every=2147483647", "run.name=Competition-7b",
        "run.folder=/home/someone/work/out/Competition/Competition-7b")]
    [InlineData("verl/gspo-slurm.sh", "objective.type=gspo", "objective.aggregation=sequence_mean", "objective.epsilon_low=0.0003", "objective.dual_clip=",
        "rollout.problems=128", "training.mini_batch=512", "training.optimizer.warmup_share=0.05", "training.optimizer.warmup_steps=", "evaluation.every=0")]
    [InlineData("verl/ppo.sh", "objective.type=ppo", "objective.gae_lambda=0.95", "objective.gamma=0.99", "objective.epsilon_low=0.3", "objective.epsilon_high=0.3",
        "objective.value_clip=0.3", "objective.critic.learning_rate_factor=20", "objective.kl.placement=reward", "objective.kl.coefficient=0.002",
        "objective.kl.estimator=k1", "objective.kl.target=", "training.passes=2", "training.mini_batch=128", "training.optimizer.schedule=cosine",
        "training.optimizer.final_share=0.1", "training.optimizer.warmup_steps=160", "training.optimizer.beta2=0.95", "model.weights=bfloat16",
        "task.data.fields.problem=question", "task.data.layout=verl", "task.data.train=[\"/home/someone/sets/a.parquet\", \"/home/someone/sets/b.parquet\"]",
        "rollout.slots=512", "checkpoint.keep_last=3")]
    [InlineData("verl/rloo.sh", "objective.type=rloo", "objective.aggregation=constant", "objective.kl.estimator=k1", "rollout.problems=96", "training.mini_batch=128")]
    [InlineData("verl/reinforce.sh", "objective.type=reinforce_pp", "objective.kl.estimator=k2", "rollout.group_size=1", "training.mini_batch=256",
        "rollout.sampling.top_p=1", "evaluation.every=0")]
    [InlineData("verl/remax.sh", "objective.type=rloo", "training.steps=10")]
    [InlineData("verl/dr-grpo.sh", "objective.type=dr_grpo", "objective.aggregation=constant", "objective.kl.coefficient=0", "task.data.shuffle=0", "run.seed=7",
        "run.name=dr-grpo", "training.mini_batch=1024")]
    [InlineData("verl/flowrl-first.sh", "objective.type=flowrl", "objective.preset=authors_code", "objective.beta=15", "objective.kl.coefficient=",
        "model.path=<YOUR_FOLDER>/models/seven-b", "training.mini_batch=256", "training.optimizer.warmup_steps=160")]
    [InlineData("verl/flowrl-port.sh", "objective.type=flowrl", "objective.preset=verl_port", "rollout.overlong_tokens=512", "rollout.overlong_penalty=1")]
    [InlineData("verl/arrays.sh", "task.data.train=[\"/sets/one.parquet\", \"/sets/two.parquet\"]", "model.lora.rank=16", "model.lora.alpha=64",
        "model.lora.target_modules=[q_proj, v_proj]", "training.steps=80", "training.mini_batch=128")]
    [InlineData("verl/comments.sh", "rollout.problems=32", "rollout.group_size=4", "training.steps=20", "task.data.validation=")]
    [InlineData("verl/heredoc.sh", "run.name=night", "training.steps=20")]
    [InlineData("verl/loop.sh", "training.optimizer.learning_rate=1e-6", "training.optimizer.weight_decay=0.01", "model.path=$MODEL")]
    [InlineData("verl/code.sh", "task.type=code", "task.data.train=[\"/sets/coding_problems.parquet\"]", "objective.correction.level=token",
        "objective.correction.cap=3", "rollout.sampling.temperature=0.6")]
    [InlineData("verl/trainer.yaml", "task.data.train=[\"/home/someone/sets/train.parquet\"]", "task.data.validation=[\"/sets/test.parquet\"]",
        "training.mini_batch=768", "rollout.group_size=6", "objective.type=reinforce_pp_baseline", "objective.kl.estimator=k2", "run.folder=out/yaml")]
    [InlineData("verl/hydra.sh", "objective.type=dr_grpo", "rollout.group_size=8", "run.name=a name: with signs", "task.data.train=[\"/sets/a.parquet\", \"/sets/b.parquet\"]")]
    [InlineData("trl/grpo.sh", "model.path=Qwen/Qwen2.5-0.5B-Instruct", "task.data.train=[someone/word-problems/train.parquet]", "task.data.fields.problem=prompt",
        "task.data.fields.answer=solution", "rollout.problems=16", "rollout.group_size=8", "training.mini_batch=128", "training.steps=500", "training.passes=1",
        "rollout.sampling.max_new_tokens=256", "objective.type=grpo", "objective.aggregation=token_mean", "objective.kl.coefficient=0",
        "training.optimizer.schedule=linear", "training.optimizer.weight_decay=0", "training.optimizer.warmup_steps=0", "run.name=half-b", "run.folder=runs",
        "run.seed=42", "checkpoint.every=500", "reward.parts.accuracy_reward.type=")]
    [InlineData("trl/accelerate.sh", "objective.kl.coefficient=0.04", "objective.epsilon_high=0.28", "training.passes=2", "task.data.shuffle=0", "rollout.problems=7",
        "rollout.group_size=7", "training.mini_batch=49", "training.steps=50", "training.optimizer.schedule=cosine", "training.optimizer.final_share=0.1",
        "training.optimizer.warmup_share=0.1", "evaluation.every=10", "task.data.train=[rows.jsonl]", "reward.parts.accuracy_reward.type=")]
    [InlineData("trl/torchrun.sh", "rollout.problems=8", "rollout.group_size=16", "training.mini_batch=128", "rollout.sampling.temperature=0.9",
        "rollout.sampling.top_p=1", "rollout.sampling.top_k=0", "objective.dual_clip=4", "rollout.truncated=mask", "evaluation.sampling.temperature=0.9")]
    [InlineData("trl/rloo.sh", "objective.type=rloo", "objective.kl.coefficient=0.05", "objective.kl.placement=reward", "objective.aggregation=constant",
        "rollout.problems=2", "checkpoint.every=2147483647")]
    [InlineData("trl/demo.yaml", "model.weights=bfloat16", "task.data.prompt.chat=true", "task.data.prompt.system=Think first.\nThen answer: shortly.",
        "task.data.fields.problem=question", "rollout.problems=28", "training.mini_batch=448", "training.steps=200", "rollout.long_prompts=skip",
        "reward.parts.accuracy.type=task", "reward.parts.format.type=pattern", "reward.parts.format.weight=0.5", "training.optimizer.warmup_share=0.1",
        "checkpoint.keep_last=1", "run.seed=43")]
    [InlineData("trl/lora.yaml", "model.lora.rank=64", "model.lora.alpha=128", "model.lora.dropout=0.1",
        "model.lora.target_modules=[q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj]")]
    [InlineData("trl/lora-defaults.yaml", "model.lora.rank=16", "model.lora.alpha=32", "model.lora.dropout=0.05", "model.lora.target_modules=[q_proj, v_proj]")]
    [InlineData("trl/dr-grpo.yaml", "objective.type=dr_grpo", "objective.aggregation=constant", "rollout.problems=8", "training.mini_batch=16", "training.passes=4",
        "training.steps=4", "training.optimizer.gradient_clip=0.2", "checkpoint.every=1")]
    [InlineData("trl/gspo.yaml", "objective.type=gspo", "objective.aggregation=sequence_mean", "objective.epsilon_low=0.0003", "rollout.problems=32",
        "training.mini_batch=128", "training.steps=25", "training.optimizer.warmup_steps=10", "evaluation.every=13", "evaluation.validation_samples=4",
        "task.data.validation=")]
    [InlineData("trl/rewards.yaml", "reward.parts.reasoning_accuracy_reward.type=task", "reward.parts.think_format_reward.weight=0.2",
        "reward.parts.get_soft_overlong_punishment.type=length", "reward.parts.get_soft_overlong_punishment.free=1024",
        "reward.parts.get_soft_overlong_punishment.limit=1280", "reward.parts.get_soft_overlong_punishment.weight=0.5")]
    [InlineData("trl/datasets.yaml", "task.data.train=[\"/sets/one.jsonl\", \"/sets/two.jsonl\", \"/sets/three.jsonl\", someone/rows/train.parquet]",
        "objective.type=reinforce_pp_baseline")]
    [InlineData("trl/odd-batch.yaml", "rollout.problems=2", "rollout.group_size=6", "training.mini_batch=12", "objective.aggregation=token_mean",
        "training.optimizer.learning_rate=", "rollout.sampling.temperature=", "training.epochs=1")]
    [InlineData("trl/code.yaml", "task.type=code", "task.data.fields.problem=", "objective.entropy_bonus=0.01", "checkpoint.every=50")]
    public void Keys_mean_what_they_meant_there(string example, params string[] expected)
    {
        var imported = Imported.Of(example);
        Assert.All(expected, line =>
        {
            var (key, value) = (line[..line.IndexOf('=', StringComparison.Ordinal)], line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            Assert.Equal($"{key}={value}", $"{key}={imported[key]}");
        });
    }

    [Theory]
    [InlineData("verl/reinforce.sh", "actor_rollout_ref.rollout.top_p=0.95: leaves tokens out, and such samples are not of the policy that is trained; 1 stands")]
    [InlineData("verl/rloo.sh", "actor_rollout_ref.actor.ppo_mini_batch_size=36: 36 does not divide the 96 of a step; 32 does and stands")]
    [InlineData("verl/remax.sh", "algorithm.adv_estimator=remax: the reward of the likeliest answer is no baseline here; rloo, whose baseline is the mean of the others, stands")]
    [InlineData("verl/remax.sh", "actor_rollout_ref.actor.policy_loss.loss_mode=clip_cov: it is not here; the clipped surrogate of rloo stands")]
    [InlineData("verl/dapo.sh", "data.truncation=left: prompts are not cut here; those that are too long are left out")]
    [InlineData("verl/hydra.sh", "actor_rollout_ref.rollout.n=1: dr_grpo compares the responses of a prompt, so that there must be two or more; 8 stands")]
    [InlineData("verl/loop.sh", "actor_rollout_ref.actor.optim.weight_decay=$1: $1 is known only when the script runs; left out")]
    [InlineData("verl/arrays.sh", "actor_rollout_ref.model.target_modules=[q_proj, v_proj, lm_head]: there are no adapters on lm_head; those are left out")]
    [InlineData("trl/lora-defaults.yaml", "optim=adamw_8bit: AdamW stands")]
    [InlineData("trl/odd-batch.yaml", "per_device_train_batch_size=8: 16 responses are no whole groups of 6; 12 stand")]
    [InlineData("trl/odd-batch.yaml", "learning_rate=5: left out, since FlowRL says: training.optimizer.learning_rate: 5 is out of range; use a number from 0 to 1.")]
    [InlineData("trl/odd-batch.yaml", "loss_type=cispo: it is not here; the clipped surrogate with token_mean stands")]
    public void What_the_recipe_departs_from_is_refused_by_name(string example, string sentence) => Assert.Contains(sentence, Imported.Of(example).Report.Refused);

    [Theory]
    [InlineData("verl/remax.sh", "reward_model.enable=true: models that judge are not run; score with a program (reward.parts, type process)")]
    [InlineData("verl/ppo.sh", "algorithm.kl_ctrl.type=adaptive: verl aims at a mean over tokens, objective.kl.target is for whole responses; the coefficient is fixed until you set it to verl's times the usual length")]
    [InlineData("verl/code.sh", "custom_reward_function.path=score.py: a function in Python becomes a program: reward.parts, type process (docs/coming-from.md)")]
    [InlineData("verl/code.sh", "trainer.experimnt_name=x: no such key is known; 'trainer.experiment_name' is")]
    [InlineData("verl/code.sh", "actor_rollout_ref.rollout.multi_turn.enable=true: a response is one turn")]
    [InlineData("verl/hydra.sh", "data.apply_chat_template_kwargs.enable_thinking=false: the chat template is used as it stands")]
    [InlineData("trl/lora.yaml", "load_in_4bit=true: weights are float32 or bfloat16 (model.weights)")]
    [InlineData("trl/demo.yaml", "reward_funcs=[accuracy, format, tag_count]: tag_count is a function in Python; write it as a program: reward.parts, type process (docs/coming-from.md)")]
    [InlineData("trl/rewards.yaml", "reward_model_name_or_path=judge/model: models that judge are not run; score with a program (reward.parts, type process)")]
    public void What_has_no_counterpart_is_named_with_the_reason(string example, string sentence) => Assert.Contains(sentence, Imported.Of(example).Report.Missing);

    [Theory]
    [InlineData("verl/comments.sh", "comments.sh:4: a comment stands amid the lines of a command; a shell ends the command there, here the lines after it are read too.")]
    [InlineData("verl/comments.sh", "comments.sh:6: something stands behind the backslash; a shell ends the command there, here the lines after it are read too.")]
    [InlineData("verl/loop.sh", "actor_rollout_ref.actor.optim.lr=1e-6: $lr goes through 2 values in line 4, of which this is the first")]
    [InlineData("verl/loop.sh", "actor_rollout_ref.model.path=$MODEL: $MODEL is not set in the script")]
    [InlineData("verl/gspo-slurm.sh", "gspo-slurm.sh:6: what /home/someone/.bashrc sets is not read; only the script itself is.")]
    [InlineData("verl/hydra.sh", "--config-name=mine: settings of that file are not read; give it too, before the script, and its keys are taken where the script gives none.")]
    [InlineData("verl/minimal.sh", "model.path: actor_rollout_ref.model.path is not given; 'model' stands there for the folder of the model.")]
    [InlineData("trl/accelerate.sh", "--config recipes/mine.yaml: settings of that file are not read; give it too, before the script, and its keys are taken where the script gives none.")]
    [InlineData("trl/minimal.yaml", "num_processes: one device; with more, multiply rollout.problems and training.mini_batch by their number.")]
    [InlineData("trl/minimal.yaml", "loss_type: TRL 1 takes dapo; versions before it took grpo or bnpo, with a beta of 0.04 in the first.")]
    public void What_is_taken_for_granted_is_said(string example, string sentence) =>
        Assert.Contains(Imported.Of(example).Report.Assumed, assumed => assumed.EndsWith(sentence, StringComparison.Ordinal));

    [Fact]
    public void Typed_recipes_hold_what_was_meant()
    {
        Assert.Equal(new GrpoOptions { Kl = new KlOptions { Coefficient = 0.004 }, DualClip = 3 }, Imported.Of("verl/grpo.sh").Recipe.Objective);
        Assert.Equal(new FlowRLOptions { Preset = FlowRLPreset.AuthorsCode, Beta = 15 }, Imported.Of("verl/flowrl-first.sh").Recipe.Objective);
        Assert.Equal(new DapoOptions { RefillRounds = 9, DualClip = 10, EpsilonHigh = 0.28 }, Imported.Of("verl/dapo.sh").Recipe.Objective);
    }

    [Fact]
    public void Of_two_files_the_later_counts_where_both_say_something()
    {
        var imported = Imported.Of("verl/trainer.yaml", "verl/minimal.sh");
        Assert.Equal(("8", "6"), (imported["rollout.problems"], imported["rollout.group_size"]));
        Assert.Equal("/models/m", imported["model.path"]);
    }

    [Fact]
    public void A_recipe_says_of_each_key_where_it_is_from()
    {
        Assert.Equal("""
            # Made by: flowrl recipe settings.yaml --from trl
            #
            # Assumed:
            # - the trainer is GRPO, since the file does not say.
            # - model.device is cpu, as when nothing is said; cuda needs the libtorch of CUDA.
            # - task.type is math: final answers are compared, and a right one earns 1; code runs programs.
            # - task.data.fields: rows have the problem in one column and the answer in the column solution, as TRL's accuracy_reward asks; leave them out
            #   where the layout of the rows is one that is recognised.
            # - rollout.max_prompt_tokens is FlowRL's 2048; TRL sets no limit.
            # - loss_type: TRL 1 takes dapo; versions before it took grpo or bnpo, with a beta of 0.04 in the first.
            # - reward: the task's own; functions that a program gives the trainer are not in the file (reward.parts has programs of yours).
            # - num_processes: one device; with more, multiply rollout.problems and training.mini_batch by their number.
            # - checkpoint.keep_last is FlowRL's 2, and the best is kept beside them; TRL keeps all.
            #
            # Not needed: these change nothing here:
            # - metrics.jsonl, samples.jsonl and tensorboard are written in every run: report_to=none
            #
            model:
              path: "/models/m"                          # model_name_or_path

            task:
              type: math
              data:
                train: [rows.jsonl]                      # dataset_name
                fields:
                  problem: prompt                        # TRL's default: the column that TRL reads
                  answer: solution                       # the column that TRL's accuracy_reward reads

            objective:
              type: grpo                                 # TRL's default
              aggregation: token_mean                    # TRL's default
              epsilon_low: 0.2                           # TRL's default
              epsilon_high: 0.2                          # TRL's default
              kl:
                coefficient: 0.02                        # beta
                placement: loss
                estimator: k3

            rollout:
              problems: 4                                # per_device_train_batch_size: 32 responses / 8
              group_size: 8                              # TRL's default: responses a prompt
              sampling:
                temperature: 1                           # TRL's default
                max_new_tokens: 512                      # TRL's default

            training:
              mini_batch: 32                             # per_device_train_batch_size: responses an update
              passes: 1                                  # TRL's default
              steps: 7                                   # max_steps
              recompute: true                            # TRL's default
              optimizer:
                schedule: linear                         # TRL's default
                warmup_steps: 0                          # TRL's default
                learning_rate: 1e-6                      # TRL's default
                weight_decay: 0                          # TRL's default

            evaluation:
              test_problems: 0                           # TRL has no test problems; name some in task.data.test
              every: 0                                   # TRL's default: no validation
              sampling:
                temperature: 1                           # TRL's default
                max_new_tokens: 512                      # TRL's default

            checkpoint:
              every: 500                                 # TRL's default

            run:
              seed: 42                                   # TRL's default

            """, Imported.OfText("trl", "settings.yaml", """
            model_name_or_path: /models/m
            dataset_name: rows.jsonl
            per_device_train_batch_size: 32
            beta: 0.02
            max_steps: 7
            report_to: none
            """).Report.Recipe);
    }
}
