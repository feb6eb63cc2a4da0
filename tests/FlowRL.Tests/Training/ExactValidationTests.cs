using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Objectives.PolicyGradient;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Tasks.Modes;
using FlowRL.Tests.Runs;
using FlowRL.Tests.Support;
using FlowRL.Training;

namespace FlowRL.Tests.Training;

/// <summary>Objectives with a transformer on a task where their target is known to the last response.</summary>
[Collection(nameof(MemoryTests))]
public sealed class ExactValidationTests
{
    private const double Beta = 3;

    // Before any update π = π_ref, so KL(π‖p*) = log Z − β·E[r], whatever the model is.
    [Fact]
    public void A_policy_that_is_the_reference_is_as_far_as_the_formula_says()
    {
        using var session = new TinyRuns.Session(Recipe(new FlowRLOptions()));
        var metrics = session.Trainer.Validate(0, CancellationToken.None);
        Assert.Equal(metrics["exact_log_z"] - Beta * metrics["exact_reward"], metrics["exact_kl"], 1e-5);
        Assert.Equal(-metrics["exact_kl"], metrics["validation_score"]);
        Assert.Equal("exact_kl", session.Trainer.ScoredBy);
        Assert.InRange(metrics["exact_entropy"], 0, Math.Log(64));
    }

    public static TheoryData<string> Matching => ["flowrl", "trajectory_balance", "vargrad"];

    [Theory]
    [MemberData(nameof(Matching))]
    public void Objectives_that_match_a_distribution_reach_it(string name)
    {
        ObjectiveOptions objective = name switch
        {
            "flowrl" => Untilted,
            "vargrad" => new VarGradOptions { Beta = Beta },
            _ => new TrajectoryBalanceOptions { Beta = Beta },
        };
        var (before, after) = Train(Recipe(objective));
        Assert.InRange(before["exact_kl"], 0.3, 5);
        Assert.InRange(after["exact_kl"], 0, 0.02);
        Assert.Equal(2, after["exact_modes"]);
        if (name != "vargrad") Assert.InRange(after["exact_log_z_error"], 0, 0.1);
    }

    [Fact]
    public void A_maximiser_does_not()
    {
        var (_, after) = Train(Recipe(new GrpoOptions()));
        Assert.InRange(after["exact_kl"], 0.2, 100);
    }

    [Fact]
    public void With_normalisation_by_length_the_policy_reaches_the_tilted_target_and_not_the_exact_one()
    {
        var (_, after) = Train(Recipe(Untilted with { LengthNormalised = true, Beta = 1 }, ends: true, beta: 1));
        Assert.InRange(after["exact_kl_tilted"], 0, 0.06);
        Assert.InRange(after["exact_log_z_tilted_error"], 0, 0.1);
        Assert.True(after["exact_kl"] > 2.5 * after["exact_kl_tilted"], $"{after["exact_kl"]} from the exact target");
    }

    [Theory]
    [InlineData("rollout:\n  sampling:\n    stop_strings: [ab]", "rollout.sampling.stop_strings")]
    [InlineData("rollout:\n  overlong_tokens: 1", "rollout.overlong_tokens")]
    [InlineData("rollout:\n  truncated: penalise", "rollout.truncated: penalise")]
    [InlineData("reward:\n  parts:\n    right: { type: task, weight: 2 }", "reward.parts")]
    public void What_trains_for_another_target_is_refused(string keys, string key)
    {
        var recipe = $"task: {{ type: modes, letters: 16 }}\nmodel:\n  create: {{ letters: 16 }}\nobjective: flowrl\nevaluation:\n  exact_beta: 3\n{keys}\n";
        var error = Assert.Throws<BadInputException>(() => OptionsFile.Parse<TrainRecipe>(recipe, "my.yaml"));
        Assert.EndsWith("evaluation.exact_beta: the target has every response that ends by itself or at the length limit, each with the task's own " +
            $"reward, and {key} makes it another one; leave one of the two out.", error.Message);
    }

    private static FlowRLOptions Untilted => new()
    {
        Beta = Beta,
        LengthNormalised = false,
        RewardNormalised = false,
        Partition = new FlowRLPartitionOptions { LearningRateFactor = 10 },
    };

    private static (IReadOnlyDictionary<string, double> Before, IReadOnlyDictionary<string, double> After) Train(TrainRecipe recipe)
    {
        using var session = new TinyRuns.Session(recipe);
        var before = session.Trainer.Validate(0, CancellationToken.None);
        for (var step = 0; step < recipe.Training.Steps; step++) session.Trainer.Step(step, CancellationToken.None);
        return (before, session.Trainer.Validate(recipe.Training.Steps, CancellationToken.None));
    }

    private static TrainRecipe Recipe(ObjectiveOptions objective, bool ends = false, double beta = Beta) => new()
    {
        Model = new ModelOptions
        {
            Create = new NewModelOptions
            {
                Width = 16,
                Layers = 2,
                Heads = 4,
                KeyValueHeads = 4,
                FeedForwardWidth = 32,
                ContextLength = 16,
                InitializerRange = 0.2,
                Letters = 4,
                Ends = ends,
            },
        },
        Task = new ModesOptions { Letters = 4, Length = 3, Modes = 2, Width = 2, Problems = 1 },
        Objective = objective,
        Rollout = new RolloutOptions { Problems = 1, GroupSize = 64, Slots = 64, Sampling = new SamplingOptions { MaxNewTokens = ends ? 4 : 3 } },
        Training = new TrainingOptions
        {
            Steps = 200,
            MiniBatch = 64,
            Optimizer = new OptimizerOptions { LearningRate = 1e-2, Schedule = ScheduleShape.Cosine, WeightDecay = 0 },
        },
        Evaluation = new EvaluationOptions { ExactBeta = beta, ValidationProblems = 1, ValidationSamples = 4, TestProblems = 0 },
    };
}
