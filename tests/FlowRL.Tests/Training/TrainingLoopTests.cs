using FlowRL.Checkpoints;
using FlowRL.Rewards;
using FlowRL.Telemetry;
using FlowRL.Tests.Support;
using FlowRL.Training;

namespace FlowRL.Tests.Training;

public sealed class TrainingLoopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_that_is_killed_while_it_saves_has_every_step_in_its_log_once()
    {
        using var run = RunFolder.Create(_folder.Path, "run");
        var killed = new Counter(run) { DiesAt = 4 };
        Assert.Throws<TimeoutException>(() => Loop(killed, run).Run(CancellationToken.None));
        Assert.Equal((6, 4), Continued(run)); // from the checkpoint of step 2
        Assert.Equal([1, 2, 3, 4, 5, 6], MetricsLog.Read(run.Metrics).Select(line => line.Step));
    }

    [Fact]
    public void What_is_asked_to_stop_finishes_its_step_and_saves_it()
    {
        using var run = RunFolder.Create(_folder.Path, "run");
        using var stop = new CancellationTokenSource();
        var trainer = new Counter(run) { BeforeStep = step => { if (step == 2) stop.Cancel(); } };
        Assert.Throws<RunInterruptedException>(() => Loop(trainer, run).Run(stop.Token));
        Assert.Equal(3, Store(run).Latest()!.Step);
        Assert.Equal((6, 3), Continued(run));
    }

    [Fact]
    public void A_step_that_is_cut_short_is_taken_again()
    {
        using var run = RunFolder.Create(_folder.Path, "run");
        using var stop = new CancellationTokenSource();
        var trainer = new Counter(run) { BeforeStep = step => { if (step == 3) { stop.Cancel(); stop.Token.ThrowIfCancellationRequested(); } } };
        Assert.Throws<RunInterruptedException>(() => Loop(trainer, run).Run(stop.Token));
        Assert.Equal(3, Store(run).Latest()!.Step);
        Assert.Equal((6, 3), Continued(run));
        Assert.Equal([1, 2, 3, 4, 5, 6], MetricsLog.Read(run.Metrics).Select(line => line.Step));
    }

    [Fact]
    public void A_validation_that_is_cut_short_is_made_up_for_with_its_steps_metrics()
    {
        using var run = RunFolder.Create(_folder.Path, "run");
        using var stop = new CancellationTokenSource();
        var stopped = new Counter(run) { BeforeValidation = step => { stop.Cancel(); stop.Token.ThrowIfCancellationRequested(); } };
        Assert.Throws<RunInterruptedException>(() => Loop(stopped, run, validateEvery: 3).Run(stop.Token));
        Assert.Equal((3, null), (Store(run).Latest()!.Step, Store(run).Latest()!.ValidationScore));
        Assert.Equal([1, 2], MetricsLog.Read(run.Metrics).Select(line => line.Step));

        var resumed = new Counter(run);
        Loop(resumed, run, validateEvery: 3).Run(CancellationToken.None);
        Assert.Equal(3, resumed.Taken);
        Assert.Equal([(3, -3.0), (6, -6.0)], Store(run).All().Where(saved => saved.ValidationScore is not null)
            .Select(saved => (saved.Step, saved.ValidationScore!.Value)));
        var lines = MetricsLog.Read(run.Metrics).ToList();
        Assert.Equal([1, 2, 3, 4, 5, 6], lines.Select(line => line.Step));
        Assert.Equal((2.0, -3.0), (lines[2].Metrics["step_seen"], lines[2].Metrics["validation_score"]));
        Assert.True(double.IsNaN(lines[2].Metrics["not_a_number"]));
    }

    /// <summary>
    /// A steady run: the first step takes ten times as long, validation as long as four steps, saving as long as half a step, and the evaluation at
    /// the end as long as thirty. After ten steps and from then on, what is said to be left is right within 30%.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(20)]
    public void The_time_left_is_right_within_a_third_after_ten_steps(int validateEvery)
    {
        using var run = RunFolder.Create(_folder.Path, "run");
        var clock = new ManualClock();
        var trainer = new Counter(run)
        {
            BeforeStep = step => clock.Advance(TimeSpan.FromSeconds(step == 0 ? 10 : 1)),
            BeforeValidation = _ => clock.Advance(TimeSpan.FromSeconds(4)),
            BeforeSave = () => clock.Advance(TimeSpan.FromSeconds(0.5)),
        };
        var reports = new List<StepReport>();
        new TrainingLoop(trainer, new LoopOptions(Steps: 100, MaxSeconds: 0, validateEvery, SaveEvery: 3, ValidationSeconds: 3, EndSeconds: 30), run,
            Store(run), new Said(reports.Add), clock).Run(CancellationToken.None);
        Assert.Equal(100, reports.Count);
        var end = reports[^1].Seconds + 30;
        Assert.All(reports.Skip(9), report => Assert.InRange(report.SecondsLeft, 0.7 * (end - report.Seconds), 1.3 * (end - report.Seconds)));
    }

    [Fact]
    public void The_time_left_is_never_more_than_the_limit_allows()
    {
        using var run = RunFolder.Create(_folder.Path, "run");
        var clock = new ManualClock();
        var trainer = new Counter(run) { BeforeStep = _ => clock.Advance(TimeSpan.FromSeconds(1)) };
        var reports = new List<StepReport>();
        new TrainingLoop(trainer, new LoopOptions(Steps: 100, MaxSeconds: 20, ValidateEvery: 0, SaveEvery: 100), run, Store(run),
            new Said(reports.Add), clock).Run(CancellationToken.None);
        Assert.Equal(20, reports.Count);
        Assert.All(reports, report => Assert.Equal(20 - report.Step, report.SecondsLeft, 1e-6));
    }

    [Fact]
    public void Rewards_that_all_fail_end_the_run_with_what_was_learnt_before_saved()
    {
        using var run = RunFolder.Create(_folder.Path, "run");
        var trainer = new Counter(run) { BeforeStep = step => { if (step == 3) throw new RewardsFailedException("All failed."); } };
        var failure = Assert.Throws<RewardsFailedException>(() => Loop(trainer, run).Run(CancellationToken.None));
        Assert.Equal($"All failed.\nThe run is saved in {run.Path} as it was after step 3.", failure.Message);
        Assert.Equal(3, Store(run).Latest()!.Step);
        Assert.Equal((6, 3), Continued(run));
    }

    /// <summary>Steps of the whole run, and those that were taken after the resume.</summary>
    private static (int Steps, int Taken) Continued(RunFolder run)
    {
        var trainer = new Counter(run);
        var (steps, _) = Loop(trainer, run).Run(CancellationToken.None);
        return (steps, trainer.Taken);
    }

    private static TrainingLoop Loop(ITrainer trainer, RunFolder run, int validateEvery = 0) => new(
        trainer, new LoopOptions(Steps: 6, MaxSeconds: 0, validateEvery, SaveEvery: 2), run, Store(run), new Progress<StepReport>());

    private static CheckpointStore Store(RunFolder run) => new(run.Checkpoints, keepLast: 2);

    private sealed class Said(Action<StepReport> say) : IProgress<StepReport>
    {
        public void Report(StepReport value) => say(value);
    }

    private sealed class Counter(RunFolder run) : ITrainer
    {
        public int Taken { get; private set; }

        /// <summary>The step whose save is cut short; 0 for none.</summary>
        public int DiesAt { get; init; }

        public Action<int> BeforeStep { get; init; } = _ => { };

        public Action<int> BeforeValidation { get; init; } = _ => { };

        public Action BeforeSave { get; init; } = () => { };

        public IReadOnlyDictionary<string, double> Step(int step, CancellationToken cancellation)
        {
            BeforeStep(step);
            Taken++;
            return new Dictionary<string, double> { ["step_seen"] = step, ["not_a_number"] = double.NaN };
        }

        public IReadOnlyDictionary<string, double> Validate(int step, CancellationToken cancellation)
        {
            BeforeValidation(step);
            return new Dictionary<string, double> { ["validation_score"] = -step };
        }

        public void Save(string folder)
        {
            BeforeSave();
            File.WriteAllText(Path.Combine(folder, "state"), $"{Taken}");
            if (DiesAt == 0 || Taken != DiesAt) return;
            // A kill could come right after the checkpoint is there; the log must hold the step by then.
            Assert.Equal(DiesAt, MetricsLog.Read(run.Metrics).Last().Step);
            throw new TimeoutException();
        }

        public void Restore(string folder) => Assert.True(File.Exists(Path.Combine(folder, "state")));
    }
}
