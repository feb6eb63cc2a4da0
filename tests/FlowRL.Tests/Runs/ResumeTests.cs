using FlowRL.Tests.Support;

namespace FlowRL.Tests.Runs;

/// <summary>N + M steps equal N, save, restore into new objects, M — in every bit.</summary>
public sealed class ResumeTests
{
    [Theory]
    [InlineData(0, 10, false, 1)] // sampling beside updates
    [InlineData(2, 10, true, 1)]
    [InlineData(0, 10, false, 0)] // 4 problems a step of 10: step 2 crosses an epoch's edge
    [InlineData(2, 10, false, 0)] // replay
    [InlineData(0, 10, true, 0)]
    [InlineData(0, 10, true, 1, 0.2)] // adapters with dropout
    public void Resuming_continues_bit_for_bit(int replay, int trainProblems, bool adapts, int lag, double dropout = 0)
    {
        using var folder = new TemporaryFolder();
        var recipe = TinyRuns.Recipe(replay, trainProblems);
        recipe = recipe with { Rollout = recipe.Rollout with { Lag = lag } };
        if (adapts) recipe = TinyRuns.Adapting(recipe, folder);
        recipe = recipe with { Model = recipe.Model with { Lora = recipe.Model.Lora with { Dropout = dropout } } };
        byte[] straight, resumed;
        using (var session = new TinyRuns.Session(recipe))
        {
            for (var step = 0; step < 6; step++) session.Trainer.Step(step, CancellationToken.None);
            straight = session.Bits();
        }
        using (var session = new TinyRuns.Session(recipe))
        {
            for (var step = 0; step < 3; step++) session.Trainer.Step(step, CancellationToken.None);
            session.Trainer.Save(folder.In("checkpoint"));
        }
        using (var session = new TinyRuns.Session(recipe))
        {
            session.Trainer.Restore(folder.In("checkpoint"));
            for (var step = 3; step < 6; step++) session.Trainer.Step(step, CancellationToken.None);
            resumed = session.Bits();
        }
        Assert.Equal(straight, resumed);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        byte[] Train(long seed)
        {
            var recipe = TinyRuns.Recipe();
            using var session = new TinyRuns.Session(recipe with { Run = recipe.Run with { Seed = seed } });
            for (var step = 0; step < 2; step++) session.Trainer.Step(step, CancellationToken.None);
            return session.Bits();
        }
        var first = Train(1);
        Assert.Equal(first, Train(1));
        Assert.NotEqual(first, Train(2));
    }
}
