using FlowRL.Rewards;
using FlowRL.Rewards.Parts;
using FlowRL.Rollouts;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Runs;

/// <summary>Reward parts and prompt limits in whole steps.</summary>
[Collection(nameof(MemoryTests))]
public sealed class RewardPartsRunTests
{
    [Fact]
    public void The_reward_is_the_weighted_sum_and_each_part_is_a_metric()
    {
        var metrics = Step(new RewardOptions
        {
            Parts = new OrderedDictionary<string, RewardPartOptions>
            {
                ["task"] = new TaskPartOptions { Weight = 2 },
                ["any"] = new PatternPartOptions { Pattern = "", Weight = 0.5 },
                ["short"] = new LengthPartOptions { Limit = 12, Weight = 0.25 },
            },
        });
        Assert.Equal(1, metrics["reward/any"]);
        Assert.InRange(metrics["reward/short"], -1, 0);
        Assert.Equal(2 * metrics["reward/task"] + 0.5 + 0.25 * metrics["reward/short"], metrics["reward"], 1e-6);
        Assert.True(metrics.ContainsKey("reward/steps")); // the task's own parts stay
    }

    [Fact]
    public void Without_parts_the_task_rewards_alone()
    {
        var metrics = Step(new RewardOptions());
        Assert.Equal(metrics["reward/correct"], metrics["reward"]);
    }

    [Fact]
    public void Validation_earns_what_training_earns_and_checkpoints_are_ranked_by_it()
    {
        using var session = new TinyRuns.Session(TinyRuns.Recipe() with
        {
            Reward = new RewardOptions
            {
                Parts = new OrderedDictionary<string, RewardPartOptions>
                {
                    ["task"] = new TaskPartOptions(),
                    ["any"] = new PatternPartOptions { Pattern = "", Weight = 0.5 },
                },
            },
        });
        var metrics = session.Trainer.Validate(0, CancellationToken.None);
        Assert.Equal(metrics["validation_accuracy"] + 0.5, metrics["validation_reward"], 1e-9);
        Assert.Equal(metrics["validation_reward"], metrics["validation_score"]);
        Assert.Equal("validation_reward", session.Trainer.ScoredBy);
    }

    [Fact]
    public void Long_prompts_are_refused_or_skipped()
    {
        var recipe = TinyRuns.Recipe();
        var lengths = recipe.Task.Create().Problems(FlowRL.Tasks.Split.Train).Take(10).Select(problem => TinyRuns.Model().EncodePrompt(problem.Prompt).Length).ToList();
        var limit = lengths.Max() - 1;
        using (var session = new TinyRuns.Session(recipe with { Rollout = recipe.Rollout with { MaxPromptTokens = limit, LongPrompts = LongPrompts.Skip } }))
        {
            Assert.Equal(lengths.Count(length => length > limit), session.Problems.Skipped);
            session.Trainer.Step(0, CancellationToken.None);
        }
        var error = Assert.Throws<BadInputException>(() => new TinyRuns.Session(recipe with { Rollout = recipe.Rollout with { MaxPromptTokens = limit } }));
        Assert.Contains($"more than rollout.max_prompt_tokens = {limit}; raise the limit, or set rollout.long_prompts to skip.", error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, double> Step(RewardOptions reward)
    {
        using var session = new TinyRuns.Session(TinyRuns.Recipe() with { Reward = reward });
        return session.Trainer.Step(0, CancellationToken.None);
    }
}
