using FlowRL.Runs;
using FlowRL.Tasks.Countdown;
using FlowRL.Tests.Support;
using FlowRL.Training;
using FlowRL.Training.Supervised;

namespace FlowRL.Tests.Training;

public sealed class EpochsTests
{
    [Theory]
    [InlineData(0, 7)]     // counted in steps
    [InlineData(1, 3)]     // 10 problems, 4 a step: the third runs over the edge
    [InlineData(2, 5)]
    [InlineData(0.4, 1)]
    [InlineData(0.01, 1)]
    [InlineData(1.2, 3)]   // 12 problems are 3 whole steps, whatever 1.2 times 10 is in binary
    public void Steps_see_each_problem_so_often(double epochs, int steps) => Assert.Equal(steps, Epochs.Steps(epochs, 7, 10, 4));

    [Fact]
    public void More_steps_than_can_be_counted_are_refused() => Assert.Equal(
        "epochs: 1000000 of 1000000 problems, 1 a step, are more steps than can be counted; use fewer.",
        Assert.Throws<BadInputException>(() => Epochs.Steps(1e6, 1, 1_000_000, 1)).Message);

    [Fact]
    public void A_run_by_epochs_is_the_run_of_as_many_steps_to_the_last_bit()
    {
        var recipe = TinyRuns.Recipe();
        var byEpochs = recipe with { Training = recipe.Training with { Epochs = 1, Steps = 99 } };
        var bySteps = recipe with { Training = recipe.Training with { Steps = 3 } };
        Assert.Equal(3, Length(byEpochs));
        Assert.Equal(3, Length(bySteps));
        Assert.Equal(Bits(bySteps), Bits(byEpochs)); // the schedule, a cosine, ends where the run does
        Assert.NotEqual(Bits(recipe), Bits(byEpochs));
    }

    [Fact]
    public void Supervised_runs_count_demonstrated_problems()
    {
        using var model = TinyRuns.Model();
        var task = new CountdownTask(new CountdownOptions { TrainProblems = 10 });
        using var evaluator = new FlowRL.Evaluation.Evaluator(model, task, LocalEngine.Of(model, 4), new(), TimeSpan.FromSeconds(300));
        var options = new SftOptions(1, 99, 4, 256, new(), new()) { Epochs = 2 };
        using var trainer = new SftTrainer(model, new DemonstratedLessons(model, task, options), evaluator, options);
        Assert.Equal(5, trainer.Steps);
    }

    private static int Length(FlowRL.Recipes.TrainRecipe recipe)
    {
        using var parts = new RunParts(recipe, recipe.Task.Create(), () => TinyRuns.Model());
        return parts.Steps;
    }

    private static byte[] Bits(FlowRL.Recipes.TrainRecipe recipe)
    {
        using var session = new TinyRuns.Session(recipe);
        for (var step = 0; step < 3; step++) session.Trainer.Step(step, CancellationToken.None);
        return session.Bits();
    }
}
