using FlowRL.Objectives;
using FlowRL.Recipes;
using FlowRL.Tasks;

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
    public void Every_key_says_what_it_means()
    {
        var roots = new[] { typeof(TrainRecipe), typeof(SftRecipe), typeof(CompareRecipe), typeof(EvaluateRecipe), typeof(SampleRecipe) };
        var variants = new[] { typeof(TaskOptions), typeof(ObjectiveOptions) }.SelectMany(b => RecipeVariants.BuiltIn.Of(b).Values);
        Assert.Empty(roots.Concat(variants).SelectMany(t => Silent(t, t.Name)));
    }

    private static IEnumerable<string> Silent(Type type, string path) => RecipeShape.Of(type).Keys.SelectMany(k =>
        (k.Description.EndsWith('.') ? [] : new[] { $"{path}.{k.Name}" })
        .Concat(k.Value.Kind == RecipeValueKind.Record ? Silent(k.Value.Type, $"{path}.{k.Name}") : []));

    private static void RoundTrip<T>(string path) where T : class
    {
        var text = RecipeWriter.Write(RecipeFile.Load<T>(path));
        Assert.Equal(text, RecipeWriter.Write(RecipeFile.Parse<T>(text, "resolved.yaml")));
    }
}
