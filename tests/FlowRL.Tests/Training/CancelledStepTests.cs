using FlowRL.Tasks;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Training;

public sealed class CancelledStepTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_step_cancelled_before_its_updates_has_changed_nothing(int lag)
    {
        var recipe = TinyRuns.Recipe(replay: 1);
        recipe = recipe with { Rollout = recipe.Rollout with { Lag = lag } };
        byte[] Run(int? cancelled)
        {
            using var stop = new CancellationTokenSource();
            var watched = new WatchedOptions(recipe.Task);
            using var session = new TinyRuns.Session(recipe with { Task = watched });
            for (var step = 0; step < 4; step++)
            {
                if (step == cancelled)
                {
                    watched.BeforeVerdict = stop.Cancel;
                    // What was sampled ahead may be there already; then the step fails at its next look at the token.
                    if (lag > 0) stop.Cancel();
                    Assert.ThrowsAny<OperationCanceledException>(() => session.Trainer.Step(step, stop.Token));
                    watched.BeforeVerdict = () => { };
                }
                session.Trainer.Step(step, CancellationToken.None);
            }
            return session.Bits();
        }
        Assert.Equal(Run(null), Run(2));
    }

    private sealed record WatchedOptions(TaskOptions Inner) : TaskOptions
    {
        public Action BeforeVerdict { get; set; } = () => { };

        public override ITask Create() => new WatchedTask(Inner.Create(), this);
    }

    private sealed class WatchedTask(ITask inner, WatchedOptions options) : ITask
    {
        public string Name => inner.Name;

        public IReadOnlyList<Problem> Problems(Split split) => inner.Problems(split);

        public int? CountSolutions(Problem problem) => inner.CountSolutions(problem);

        public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation)
        {
            options.BeforeVerdict();
            return inner.VerifyAsync(problem, response, cancellation);
        }
    }
}
