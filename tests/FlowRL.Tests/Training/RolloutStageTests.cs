using FlowRL.Tests.Support;

namespace FlowRL.Tests.Training;

public sealed class RolloutStageTests
{
    [Theory]
    [InlineData(0, new long[] { 0, 4, 8, 12 })]
    [InlineData(1, new long[] { 0, 0, 4, 8 })] // step 1 is sampled beside the update of step 0, by the policy before it
    public void Sampling_is_as_many_steps_behind_as_the_recipe_says(int lag, long[] versions)
    {
        var recipe = TinyRuns.Recipe();
        recipe = recipe with { Rollout = recipe.Rollout with { Lag = lag } };
        using var session = new TinyRuns.Session(recipe);
        var seen = new List<long>();
        session.Trainer.Sampled += (_, groups) => seen.Add(Assert.Single(groups.SelectMany(group => group.Rollout.Responses)
            .Select(response => response.PolicyVersion).Distinct()));
        for (var step = 0; step < versions.Length; step++) session.Trainer.Step(step, CancellationToken.None);
        Assert.Equal(versions, seen);
    }
}
