using FlowRL.Configuration;
using FlowRL.Recipes;

namespace FlowRL.Tests.Configuration;

/// <summary>Epochs in place of steps, and a share in place of warm-up steps.</summary>
public sealed class InsteadOfTests
{
    private const string Head = "task: countdown\nobjective: flowrl\n";

    [Theory]
    [InlineData("training:\n  steps: 5\n  epochs: 2", "r.yaml:4: training.steps: epochs stands beside it and would decide in its place; leave one of the two out, or set epochs to 0.")]
    [InlineData("training: {optimizer: {warmup_share: 0.1, warmup_steps: 5}}",
        "r.yaml:3: training.optimizer.warmup_steps: warmup_share stands beside it and would decide in its place; leave one of the two out, or set warmup_share to 0.")]
    [InlineData("training: {epochs: 2}", "--set training.steps: epochs stands beside it and would decide in its place; leave one of the two out, or set epochs to 0.", "training.steps=5")]
    [InlineData("", "--set training.steps: epochs stands beside it and would decide in its place; leave one of the two out, or set epochs to 0.",
        "training.epochs=1", "training.steps=5")]
    public void Both_are_refused(string text, string message, params string[] sets) =>
        Assert.Equal(message, Assert.Throws<BadInputException>(() => Parse(text, sets)).Message);

    [Fact]
    public void What_is_set_later_decides_and_is_written_alone()
    {
        var recipe = Parse("training: {steps: 300}", "training.epochs=2.5", "training.optimizer.warmup_share=0.1");
        Assert.Equal(2.5, recipe.Training.Epochs);
        var written = OptionsWriter.Write(recipe);
        Assert.Contains("  epochs: 2.5\n", written, StringComparison.Ordinal);
        Assert.DoesNotContain("  steps:", written, StringComparison.Ordinal);
        Assert.DoesNotContain("warmup_steps", written, StringComparison.Ordinal);
        Assert.Equal(written, OptionsWriter.Write(OptionsFile.Parse<TrainRecipe>(written, "recipe.yaml")));

        var back = OptionsFile.Parse<TrainRecipe>(written, "recipe.yaml", ["training.epochs=0", "training.steps=7"]);
        Assert.Equal((0, 7), (back.Training.Epochs, back.Training.Steps));
        Assert.Contains("  steps: 7\n", OptionsWriter.Write(back), StringComparison.Ordinal);
    }

    [Fact]
    public void Supervised_recipes_have_them_at_the_top() => Assert.Equal(
        "s.yaml:2: steps: epochs stands beside it and would decide in its place; leave one of the two out, or set epochs to 0.",
        Assert.Throws<BadInputException>(() => OptionsFile.Parse<SftRecipe>("task: countdown\nsteps: 4\nepochs: 1", "s.yaml")).Message);

    private static TrainRecipe Parse(string text, params string[] sets) => OptionsFile.Parse<TrainRecipe>(Head + text, "r.yaml", sets);
}
