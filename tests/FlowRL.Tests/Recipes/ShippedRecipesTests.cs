using FlowRL.Configuration;
using FlowRL.Lab.Comparison;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Recipes;
using FlowRL.Rewards.Parts;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Recipes;

public sealed class ShippedRecipesTests
{
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "recipes")).Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_recipe_in_the_repository_loads_and_round_trips(string name)
    {
        var path = Path.Combine(Repository.Root, "recipes", name);
        var isTraining = File.ReadLines(path).Any(l => l.StartsWith("objective:", StringComparison.Ordinal));
        if (name.StartsWith("compare-", StringComparison.Ordinal)) RoundTrip<CompareRecipe>(path);
        else if (isTraining) RoundTrip<TrainRecipe>(path);
        else RoundTrip<SftRecipe>(path);
    }

    [Fact]
    public void Every_evaluation_loads_and_samples_as_the_paper_does()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "recipes", "evaluations"));
        Assert.Equal(16, files.Length);
        // A name means a task or an evaluation, never both.
        Assert.Empty(files.Select(Path.GetFileNameWithoutExtension).Intersect(OptionVariants.BuiltIn.Of(typeof(TaskOptions)).Keys));
        Assert.All(files, file =>
        {
            RoundTrip<EvaluateRecipe>(file);
            var recipe = OptionsFile.Load<EvaluateRecipe>(file);
            Assert.Equal((16, 0.6, 0.95), (recipe.Samples, recipe.Sampling.Temperature, recipe.Sampling.TopP));
        });
    }

    [Theory]
    [InlineData("dapo-math-qwen2.5-7b")]
    [InlineData("dapo-math-qwen2.5-32b")]
    public void The_papers_recipes_have_its_settings(string name)
    {
        var recipe = OptionsFile.Load<TrainRecipe>(Path.Combine(Repository.Root, "recipes", $"{name}.yaml"));
        Assert.Equal(new FlowRLOptions(), recipe.Objective);
        Assert.Equal((512, 8, 2048, 8192, 1.0), (recipe.Rollout.Problems, recipe.Rollout.GroupSize, recipe.Rollout.MaxPromptTokens,
            recipe.Rollout.Sampling.MaxNewTokens, recipe.Rollout.Sampling.Temperature));
        Assert.Equal((32 * 8, 1e-6, 10, 0.1, 1.0), (recipe.Training.MiniBatch, recipe.Training.Optimizer.LearningRate,
            recipe.Training.Optimizer.WarmupSteps, recipe.Training.Optimizer.WeightDecay, recipe.Training.Optimizer.GradientClip));
    }

    [Fact]
    public void Every_key_says_what_it_means()
    {
        var roots = new[] { typeof(TrainRecipe), typeof(SftRecipe), typeof(CompareRecipe), typeof(EvaluateRecipe), typeof(SampleRecipe), typeof(VerifyMathRecipe), typeof(CodeOptions) };
        var variants = new[] { typeof(TaskOptions), typeof(ObjectiveOptions), typeof(RewardPartOptions), typeof(RolloutEngineOptions) }
            .SelectMany(b => OptionVariants.BuiltIn.Of(b).Values);
        Assert.Empty(roots.Concat(variants).SelectMany(t => Silent(t, t.Name)));
    }

    private static IEnumerable<string> Silent(Type type, string path) => OptionsShape.Of(type).Keys.SelectMany(k =>
        (k.Description.EndsWith('.') ? [] : new[] { $"{path}.{k.Name}" })
        .Concat(k.Value.Kind == RecipeValueKind.Record ? Silent(k.Value.Type, $"{path}.{k.Name}") : []));

    private static void RoundTrip<T>(string path) where T : class
    {
        var text = OptionsWriter.Write(OptionsFile.Load<T>(path));
        Assert.Equal(text, OptionsWriter.Write(OptionsFile.Parse<T>(text, "resolved.yaml")));
    }
}
