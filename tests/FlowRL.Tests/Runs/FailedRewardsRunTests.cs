using FlowRL.Rewards;
using FlowRL.Tasks;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Runs;

/// <summary>A verifier that fails by chance: a resumed run repeats what happened, in every bit.</summary>
[Collection(nameof(MemoryTests))]
public sealed class FailedRewardsRunTests
{
    [Fact]
    public void A_resumed_run_repeats_failures()
    {
        using var folder = new TemporaryFolder();
        var (straight, failures) = Run(folder, failing: 0.4, from: 0, to: 4, saveAt: 2);
        Assert.True(failures > 0);
        var (resumed, none) = Run(folder, failing: 0, from: 2, to: 4, saveAt: -1);
        Assert.Equal(0, none);
        Assert.Equal(straight, resumed);

        File.Delete(folder.In("failed.jsonl"));
        Assert.NotEqual(straight, Run(folder, failing: 0, from: 2, to: 4, saveAt: -1).Bits);
    }

    private static (byte[] Bits, int Failures) Run(TemporaryFolder folder, double failing, int from, int to, int saveAt)
    {
        var recipe = TinyRuns.Recipe();
        var flaky = new FlakyOptions(recipe.Task, failing);
        using var session = new TinyRuns.Session(recipe with { Task = flaky });
        if (from > 0) session.Trainer.Restore(folder.In("checkpoint"));
        session.Rollout.Failed = new FailedRewards(folder.In("failed.jsonl"));
        for (var step = from; step < to; step++)
        {
            if (step == saveAt) session.Trainer.Save(folder.In("checkpoint"));
            session.Trainer.Step(step, CancellationToken.None);
        }
        return (session.Bits(), flaky.Failures);
    }

    private sealed record FlakyOptions(TaskOptions Inner, double Failing) : TaskOptions
    {
        private FlakyTask? _task;

        public int Failures => _task?.Failures ?? 0;

        public override ITask Create() => _task = new FlakyTask(Inner.Create(), Failing);
    }

    private sealed class FlakyTask(ITask inner, double failing) : ITask
    {
        private int _failures;

        public int Failures => _failures;

        public string Name => inner.Name;

        public IReadOnlyList<Problem> Problems(Split split) => inner.Problems(split);

        public int? CountSolutions(Problem problem) => inner.CountSolutions(problem);

        public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation)
        {
            // By chance, but the same on each run of the test: which thread asks first decides nothing.
            if (Seeds.Uniform(Seeds.Derive(1, $"{problem.Id} {response}"), 0) >= failing) return inner.VerifyAsync(problem, response, cancellation);
            Interlocked.Increment(ref _failures);
            throw new InvalidOperationException("fails by chance");
        }
    }
}
