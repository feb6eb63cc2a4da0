using FlowRL.Recipes;

namespace FlowRL.Tests.Recipes;

internal static class Toy
{
    public static RecipeVariants Variants { get; } = new(typeof(Toy).Assembly);

    public static ToyRecipe Parse(string text, params string[] overrides) =>
        RecipeFile.Parse<ToyRecipe>(text, "recipe.yaml", overrides, Variants);

    /// <summary>The message of the refusal, whole.</summary>
    public static string Refusal(string text, params string[] overrides) =>
        Assert.Throws<BadInputException>(() => Parse(text, overrides)).Message;
}
