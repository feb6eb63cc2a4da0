using FlowRL.Configuration;

namespace FlowRL.Tests.Configuration;

internal static class Toy
{
    public static OptionVariants Variants { get; } = new(typeof(Toy).Assembly);

    public static ToyRecipe Parse(string text, params string[] overrides) =>
        OptionsFile.Parse<ToyRecipe>(text, "recipe.yaml", overrides, Variants);

    /// <summary>The message of the refusal, whole.</summary>
    public static string Refusal(string text, params string[] overrides) =>
        Assert.Throws<BadInputException>(() => Parse(text, overrides)).Message;
}
