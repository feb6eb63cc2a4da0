using FlowRL.Configuration;
using FlowRL.Recipes;

namespace FlowRL.Tests.Configuration;

public sealed class ForeignKeysTests
{
    [Fact]
    public void Every_key_that_is_suggested_exists_and_stands_first_where_a_recipe_has_it()
    {
        HashSet<string> known = [.. new[] { typeof(TrainRecipe), typeof(SftRecipe), typeof(EvaluateRecipe), typeof(SampleRecipe) }
            .SelectMany(recipe => OptionsKeys.Of(recipe, OptionVariants.BuiltIn)).Select(key => key.Path)];
        Assert.InRange(ForeignKeys.All.Count, 100, 1000);
        foreach (var (name, targets) in ForeignKeys.All)
        {
            Assert.NotEmpty(targets);
            Assert.All(targets.SelectMany(target => target.Keys), key => Assert.True(known.Contains(key), $"{name}: there is no key '{key}'"));
        }
    }

    [Theory]
    [InlineData("n=8", "n: no such key; in FlowRL this is 'rollout.group_size'.")]
    [InlineData("rollout.num_generations=8", "rollout.num_generations: no such key; in FlowRL this is 'rollout.group_size'.")]
    [InlineData("lr=1e-6", "lr: no such key; in FlowRL this is 'training.optimizer.learning_rate'.")]
    [InlineData("training.learning_rate=1e-6", "training.learning_rate: no such key; in FlowRL this is 'training.optimizer.learning_rate'.")]
    [InlineData("max_tokens=100", "max_tokens: no such key; in FlowRL this is 'rollout.sampling.max_new_tokens'.")]
    [InlineData("max-completion-length=100", "max-completion-length: no such key; in FlowRL this is 'rollout.sampling.max_new_tokens'.")]
    [InlineData("temperature=1", "temperature: no such key; in FlowRL this is 'rollout.sampling.temperature'.")]
    [InlineData("top_p=0.9", "top_p: no such key; in FlowRL this is 'evaluation.sampling.top_p' (training samples the whole distribution).")]
    [InlineData("ppo_mini_batch_size=64", "ppo_mini_batch_size: no such key; in FlowRL this is 'training.mini_batch' (responses an optimiser step, all " +
        "devices and accumulation steps together).")]
    [InlineData("gradient_accumulation_steps=4", "gradient_accumulation_steps: no such key; in FlowRL this is 'training.token_budget' (tokens; gradients " +
        "are accumulated by themselves).")]
    [InlineData("kl_coef=0.001", "kl_coef: no such key; in FlowRL this is 'objective.beta' (β weighs the reward; it stands in place of a KL coefficient).")]
    [InlineData("clip_ratio=0.2", "clip_ratio: no such key; in FlowRL this is 'objective.epsilon_low' and 'objective.epsilon_high'.")]
    [InlineData("entropy_coeff=0.2", "entropy_coeff: no such key; in FlowRL this is 'objective.entropy_bonus', which this objective does not have.")]
    [InlineData("training.step=3", "training.step: no such key; did you mean 'training.steps'?")]
    public void Keys_of_other_trainers_are_suggested(string set, string message) => Assert.Equal($"--set {message}", Refusal("flowrl", set));

    [Theory]
    [InlineData("kl_coef=0.001", "kl_coef: no such key; in FlowRL this is 'objective.kl.coefficient'.")]
    [InlineData("beta=0.04", "beta: no such key; in FlowRL this is 'objective.kl.coefficient'.")]
    [InlineData("objective.beta=15", "objective.beta: no such key; the keys here are 'entropy_bonus', 'aggregation', 'kl', 'correction', " +
        "'off_policy_threshold', 'epsilon_low', 'epsilon_high', 'dual_clip'.")] // FlowRL's own key, of another objective
    public void What_is_suggested_fits_the_objective(string set, string message) => Assert.Equal($"--set {message}", Refusal("grpo", set));

    [Fact]
    public void A_supervised_recipe_has_its_own_places() => Assert.Equal(
        "--set lr: no such key; in FlowRL this is 'optimizer.learning_rate'.\n--set per_device_train_batch_size: no such key; in FlowRL this is 'batch'.",
        Assert.Throws<BadInputException>(() => OptionsFile.Parse<SftRecipe>("task: countdown", "r.yaml", ["lr=1", "per_device_train_batch_size=8"])).Message);

    private static string Refusal(string objective, string set) => Assert.Throws<BadInputException>(() =>
        OptionsFile.Parse<TrainRecipe>($"task: countdown\nobjective: {objective}", "r.yaml", [set])).Message;
}
