using System.Diagnostics;
using FlowRL.Tasks;
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

    // After the responses of step 0 the verifier only ends when it is told to; without that its limit would be waited for.
    [Fact]
    public void What_is_sampled_ahead_is_given_up_at_the_end()
    {
        var recipe = TinyRuns.Recipe();
        var responses = recipe.Rollout.Problems * recipe.Rollout.GroupSize;
        var waiting = new WaitingOptions(recipe.Task, responses);
        const double Limit = 120;
        var session = new TinyRuns.Session(recipe with { Task = waiting, Rollout = recipe.Rollout with { Lag = 1, VerifySeconds = Limit } });
        session.Trainer.Step(0, CancellationToken.None);
        Assert.True(waiting.Asked.Wait(TimeSpan.FromSeconds(Limit / 2)));
        var clock = Stopwatch.StartNew();
        session.Dispose();
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, Limit / 2);
    }

    private sealed record WaitingOptions(TaskOptions Inner, int Quick) : TaskOptions
    {
        private int _verified;

        /// <summary>Set when the first verdict that is not quick is asked for.</summary>
        public ManualResetEventSlim Asked { get; } = new();

        public override ITask Create() => new WaitingTask(Inner.Create(), () =>
        {
            var isQuick = Interlocked.Increment(ref _verified) <= Quick;
            if (!isQuick) Asked.Set();
            return isQuick;
        });
    }

    private sealed class WaitingTask(ITask inner, Func<bool> isQuick) : ITask
    {
        public string Name => inner.Name;

        public IReadOnlyList<Problem> Problems(Split split) => inner.Problems(split);

        public int? CountSolutions(Problem problem) => inner.CountSolutions(problem);

        public async ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation)
        {
            if (!isQuick()) await Task.Delay(Timeout.Infinite, cancellation);
            return await inner.VerifyAsync(problem, response, cancellation);
        }
    }
}
