using FlowRL.Models;
using FlowRL.Runs;
using FlowRL.Tests.Support;
using FlowRL.Training;

namespace FlowRL.Tests.Runs;

public sealed class RunEstimateTests
{
    [Fact]
    public void Weights_are_counted_from_the_shape()
    {
        var recipe = TinyRuns.Recipe() with { Model = new ModelOptions() };
        var estimate = RunEstimate.Of(recipe, recipe.Task.Create());
        Assert.Equal(1_263_200, estimate.Parameters);
        Assert.Equal(4 * 1_263_200, estimate.Memory["weights"]);
        Assert.Equal(8 * 1_263_200, estimate.Memory["optimiser"]);
        Assert.True(estimate.GigaflopsHere > 0.1);
        Assert.True(estimate.UpdateFlops > estimate.SamplingFlops);
    }

    [Fact]
    public void Recomputing_layers_is_more_work_and_passes_are_too()
    {
        var recipe = TinyRuns.Recipe() with { Model = new ModelOptions() };
        double Update(TrainingOptions training) => RunEstimate.Of(recipe with { Training = training }, recipe.Task.Create()).UpdateFlops;
        var once = Update(recipe.Training with { Passes = 1 });
        Assert.Equal(10.0 / 8, Update(recipe.Training with { Passes = 1, Recompute = true }) / once, 9);
        Assert.Equal(14.0 / 8, Update(recipe.Training with { Passes = 2 }) / once, 9);
    }
}
