using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Objectives.PolicyGradient;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Rewards.Parts;
using FlowRL.Rollouts;
using FlowRL.Tasks.Modes;
using FlowRL.Tests.Support;
using FlowRL.Training;
using TorchSharp;

namespace FlowRL.Tests.Runs;

/// <summary>Every objective through the trainer: it learns, it resumes, it cleans up.</summary>
public sealed class ObjectiveRunTests
{
    public static TheoryData<string> Names => [.. OptionVariants.BuiltIn.Of(typeof(ObjectiveOptions)).Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_objective_takes_finite_steps_and_keeps_no_tensor(string name)
    {
        using var session = new TinyRuns.Session(Recipe(Default(name)));
        session.Trainer.Step(0, CancellationToken.None);
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var metrics = session.Trainer.Step(1, CancellationToken.None);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(0, metrics["non_finite"]);
        Assert.True(double.IsFinite(metrics["loss"]));
        Assert.InRange(metrics["sampler_gap_max"], 0, 1e-3);
    }

    // 64 responses of three letters, most of them without a reward. The mean is exact: over every response with its probability.
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_objective_learns(string name)
    {
        using var session = new TinyRuns.Session(Modes(Default(name)));
        var before = session.Trainer.Validate(0, CancellationToken.None)["exact_reward"];
        for (var step = 0; step < 40; step++) session.Trainer.Step(step, CancellationToken.None);
        var after = session.Trainer.Validate(40, CancellationToken.None)["exact_reward"];
        Assert.InRange(before, 0, 0.25);
        // One response of a group teaches best_gap anything: it is slow.
        Assert.True(after > before + (name == "best_gap" ? 0.03 : 0.3), $"{name}: a mean reward of {before} before 40 steps, {after} after");
    }

    // Rounding in fp32 makes KL penalties of 1e-8 where policy and reference are the same; they must not become advantages of size 1.
    [Theory]
    [InlineData("reinforce_pp")]
    [InlineData("reinforce_pp_baseline")]
    [InlineData("ppo")]
    [InlineData("grpo")]
    public void Rewards_that_are_all_0_have_no_gradient_where_the_policy_is_the_reference(string name)
    {
        var recipe = Recipe(Default(name));
        var none = new Dictionary<string, RewardPartOptions> { ["none"] = new TaskPartOptions { Weight = 0 } };
        using var session = new TinyRuns.Session(recipe with { Reward = new RewardOptions { Parts = none } });
        for (var step = 0; step < 2; step++) Assert.InRange(session.Trainer.Step(step, CancellationToken.None)["gradient_norm"], 0, 0.02);
    }

    public static TheoryData<string> Stateful => ["ppo", "spo", "reinforce_pp_baseline"];

    [Theory]
    [MemberData(nameof(Stateful))]
    public void Objectives_with_a_state_resume_bit_for_bit(string name)
    {
        var adaptive = new KlOptions { Coefficient = 0.1, Estimator = KlEstimator.K1, Placement = KlPlacement.Reward, Target = 0.5, Horizon = 64 };
        ObjectiveOptions options = name switch
        {
            "ppo" => new PpoOptions { Kl = adaptive },
            "spo" => new SpoOptions { Kl = adaptive },
            _ => new ReinforcePpBaselineOptions { Kl = adaptive with { Placement = KlPlacement.Loss } },
        };
        var recipe = Recipe(options);
        using var folder = new TemporaryFolder();
        byte[] straight, resumed;
        using (var session = new TinyRuns.Session(recipe))
        {
            for (var step = 0; step < 6; step++) session.Trainer.Step(step, CancellationToken.None);
            straight = session.Bits();
        }
        using (var session = new TinyRuns.Session(recipe))
        {
            for (var step = 0; step < 3; step++) session.Trainer.Step(step, CancellationToken.None);
            session.Trainer.Save(folder.In("checkpoint"));
        }
        using (var session = new TinyRuns.Session(recipe))
        {
            session.Trainer.Restore(folder.In("checkpoint"));
            for (var step = 3; step < 6; step++) session.Trainer.Step(step, CancellationToken.None);
            resumed = session.Bits();
        }
        Assert.Equal(straight, resumed);

        File.WriteAllText(folder.In("checkpoint/training/objective.json"), "{}");
        using var other = new TinyRuns.Session(recipe);
        var error = Assert.Throws<BadInputException>(() => other.Trainer.Restore(folder.In("checkpoint")));
        Assert.Equal($"{folder.In("checkpoint/training/objective.json")} is not the state of '{name}': 'kl_coefficient' is missing. Resume with " +
            "the recipe that the run was started with, or from an earlier checkpoint.", error.Message);
    }

    // At a learning rate of 0 the policy stays what it was: the correction is of another temperature only.
    [Fact]
    public void A_training_temperature_of_its_own_is_corrected_for()
    {
        var recipe = Recipe(new TrajectoryBalanceOptions { ImportanceWeight = true });
        recipe = recipe with
        {
            Training = recipe.Training with { Temperature = 1, Optimizer = new OptimizerOptions { LearningRate = 0 } },
            Rollout = recipe.Rollout with { Sampling = recipe.Rollout.Sampling with { Temperature = 1.5 } },
        };
        using var weighted = new TinyRuns.Session(recipe);
        Assert.True(Math.Abs(weighted.Trainer.Step(0, CancellationToken.None)["weight"] - 1) > 1e-3);

        var corrected = recipe with { Objective = new DapoOptions { RefillRounds = 0, Correction = new CorrectionOptions { Level = CorrectionLevel.Token } } };
        using var surrogate = new TinyRuns.Session(corrected);
        var metrics = surrogate.Trainer.Step(0, CancellationToken.None);
        Assert.InRange(metrics["drift"], 0, 1e-4); // π_θ against π_start, both at the training temperature
        Assert.True(Math.Abs(metrics["correction"] - 1) > 1e-3); // π_start against the sampler
    }

    [Fact]
    public void Staleness_is_measured_and_bounded()
    {
        var recipe = TinyRuns.Recipe(replay: 2) with { Objective = new VarGradOptions { Beta = 1 } };
        double LargestStaleness(int bound)
        {
            using var session = new TinyRuns.Session(recipe with
            {
                Training = recipe.Training with { Replay = recipe.Training.Replay with { MaxStaleness = bound } },
            });
            return Enumerable.Range(0, 4).Max(step => session.Trainer.Step(step, CancellationToken.None)["staleness_max"]);
        }
        // Steps of 2 passes over 16 to 24 responses, 8 an update: groups of the step before are 4 updates old or more.
        Assert.True(LargestStaleness(0) > 4);
        Assert.Equal(4, LargestStaleness(4));
    }

    private static ObjectiveOptions Default(string name) =>
        (ObjectiveOptions)Activator.CreateInstance(OptionVariants.BuiltIn.Of(typeof(ObjectiveOptions))[name])!;

    private static TrainRecipe Recipe(ObjectiveOptions options) => TinyRuns.Recipe() with { Objective = options };

    private static TrainRecipe Modes(ObjectiveOptions options) => new()
    {
        Model = new ModelOptions
        {
            Create = new NewModelOptions
            {
                Width = 16,
                Layers = 1,
                Heads = 2,
                KeyValueHeads = 2,
                FeedForwardWidth = 32,
                ContextLength = 16,
                InitializerRange = 0.2,
                Letters = 4,
                Ends = false,
            },
        },
        Task = new ModesOptions { Letters = 4, Length = 3, Modes = 2, Width = 2, Problems = 1 },
        Objective = options,
        Rollout = new RolloutOptions { Problems = 1, GroupSize = 32, Slots = 32, Sampling = new SamplingOptions { MaxNewTokens = 3 } },
        Training = new TrainingOptions
        {
            Steps = 40,
            MiniBatch = 32,
            Optimizer = new OptimizerOptions { LearningRate = 1e-2, WarmupSteps = 2, WeightDecay = 0 },
        },
        Evaluation = new EvaluationOptions { ExactBeta = 3, ValidationProblems = 1, ValidationSamples = 1, TestProblems = 0 },
    };
}
