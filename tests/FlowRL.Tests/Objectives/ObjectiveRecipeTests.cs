using FlowRL.Configuration;
using FlowRL.Objectives.PolicyGradient;
using FlowRL.Recipes;

namespace FlowRL.Tests.Objectives;

/// <summary>What recipes of objectives refuse, and in which words.</summary>
public sealed class ObjectiveRecipeTests
{
    [Theory]
    [InlineData("objective: vargrad\nrollout:\n  group_size: 8\ntraining:\n  mini_batch: 4",
        "training.mini_batch: 4 cuts groups of 8 responses, which meet in the loss of 'vargrad'; use a multiple of rollout.group_size.")]
    [InlineData("objective: grpo\ntraining:\n  temperature: 0.5",
        "training.temperature: differs from rollout.sampling.temperature, and nothing corrects for it; set objective.correction.level to " +
        "token or sequence, or leave training.temperature out.")]
    [InlineData("objective: dapo\nrollout:\n  overlong_tokens: 65",
        "rollout.overlong_tokens: 65 is more than the length limit of 64 tokens.")]
    [InlineData("objective:\n  type: grpo\n  dual_clip: 0.5",
        "objective.dual_clip: 0.5 would bound ratios that lower the cost; use a number above 1, or 0.")]
    [InlineData("objective:\n  type: ppo\n  kl:\n    horizon: 100",
        "objective.kl.horizon: has no effect without target; remove it, or give target.")]
    [InlineData("objective:\n  type: dapo\n  kl:\n    target: 6",
        "objective.kl.target: an adaptive coefficient that starts at 0 stays there; give coefficient.")]
    [InlineData("objective:\n  type: spo\n  forget_low: 0.97",
        "objective.forget_low: 0.97 is above forget_high of 0.96.")]
    [InlineData("objective: rloo\nrollout:\n  group_size: 1\ntraining:\n  mini_batch: 32",
        "rollout.group_size: 1 is too small for an objective that compares responses within a group; use 2 or more.")]
    [InlineData("objective: flowrl\nevaluation:\n  exact_target: flat",
        "evaluation.exact_target: has no effect without exact_beta; remove it, or give exact_beta.")]
    [InlineData("objective:\n  type: grpo\n  kl: {placement: reward, weighted: true, coefficient: 1}",
        "objective.kl.weighted: has no effect with placement: reward; remove it, or set placement: loss.")]
    [InlineData("objective: {type: gmpo, dual_clip: 3}",
        "objective.dual_clip: has no effect with gmpo; remove it.")]
    public void Settings_that_do_not_go_together_are_refused(string recipe, string message)
    {
        var error = Assert.Throws<BadInputException>(() => OptionsFile.Parse<TrainRecipe>($"task: countdown\n{recipe}\n", "my.yaml", []));
        Assert.EndsWith(message, error.Message);
    }

    [Fact]
    public void A_target_that_spreads_over_texts_is_refused_where_texts_are_free()
    {
        const string recipe = "objective: {type: vargrad, target: flat}\ntask: ";
        var error = Assert.Throws<BadInputException>(() =>
            OptionsFile.Parse<TrainRecipe>(recipe + "{type: math, data: {train: [embedded:gsm8k-sample], layout: gsm8k}}\n", "my.yaml", []));
        Assert.EndsWith("objective.target: the right answers of this task can be written in endlessly many ways, and a target that spreads over all of them means " +
            "long ones; use flat_by_solution or reference.", error.Message);
        Assert.NotNull(OptionsFile.Parse<TrainRecipe>(recipe + "countdown\n", "my.yaml", []));
    }

    [Theory]
    [InlineData("objective:\n  type: grpo\n  correction:\n    level: token")]
    [InlineData("objective: vargrad")]
    [InlineData("objective: flowrl")]
    public void A_training_temperature_is_allowed_where_something_corrects_for_it(string objective) =>
        Assert.Equal(0.7, OptionsFile.Parse<TrainRecipe>($"task: countdown\n{objective}\ntraining:\n  temperature: 0.7\n", "my.yaml", []).TrainingTemperature);

    [Fact]
    public void Keys_not_given_keep_the_defaults_of_the_objective()
    {
        var recipe = OptionsFile.Parse<TrainRecipe>(
            "task: countdown\nobjective:\n  type: rloo\n  kl:\n    coefficient: 0.2\n", "my.yaml", []);
        var rloo = Assert.IsType<RlooOptions>(recipe.Objective);
        Assert.Equal((0.2, KlPlacement.Reward, KlEstimator.K1),
            (rloo.Kl.Coefficient, rloo.Kl.Placement, rloo.Kl.Estimator));
    }
}
