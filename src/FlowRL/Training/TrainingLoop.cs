using System.Diagnostics;
using System.Text.Json;
using FlowRL.Checkpoints;
using FlowRL.Telemetry;

namespace FlowRL.Training;

/// <summary>
/// Runs a trainer to its end: steps, validation, checkpoints, metrics; continues where the newest checkpoint stands; stops between
/// steps when asked to.
/// </summary>
public sealed class TrainingLoop(
    ITrainer trainer, LoopOptions options, RunFolder folder, CheckpointStore store, IProgress<StepReport> progress)
{
    private const string ProgressFile = "progress.json";

    private sealed record Position(int Step, double Seconds);

    /// <summary>Runs until the last step, the time limit, or cancellation.</summary>
    /// <returns>Steps done and seconds spent, over all resumes.</returns>
    /// <exception cref="RunInterruptedException">Cancelled; the state is saved.</exception>
    public (int Steps, double Seconds) Run(CancellationToken cancellation)
    {
        var (step, before) = Continue(cancellation);
        var clock = Stopwatch.StartNew();
        double Seconds() => before + clock.Elapsed.TotalSeconds;
        using var metricsLog = new MetricsLog(folder.Metrics, step);
        using var tensorBoard = new TensorBoardLog(folder.TensorBoard, step);
        var receivers = new ProgressGroup(metricsLog, tensorBoard, progress);

        var saved = step;
        while (step < options.Steps && (options.MaxSeconds <= 0 || Seconds() < options.MaxSeconds))
        {
            if (cancellation.IsCancellationRequested)
            {
                if (saved < step) Save(step, Seconds(), null);
                throw new RunInterruptedException(folder.Path, step);
            }
            // A step is never cut short: what Ctrl-C leaves behind is a whole number of steps.
            var metrics = new Dictionary<string, double>(trainer.Step(step, CancellationToken.None));
            step++;
            var ends = step == options.Steps || (options.MaxSeconds > 0 && Seconds() >= options.MaxSeconds);
            double? score = null;
            if (options.ValidateEvery > 0 && (step % options.ValidateEvery == 0 || ends))
            {
                foreach (var (name, value) in trainer.Validate(step, CancellationToken.None)) metrics[name] = value;
                score = metrics["validation_score"];
            }
            // Reported before it is saved: resuming cuts lines after the checkpoint, but could not make up for a missing one.
            var left = Seconds() / step * (options.Steps - step);
            receivers.Report(new StepReport(step, options.Steps, Seconds(),
                options.MaxSeconds > 0 ? Math.Min(left, options.MaxSeconds - Seconds()) : left, metrics));
            // A validated step is saved, so that the best one can be kept.
            if (ends || score is not null || step % options.SaveEvery == 0)
            {
                Save(step, Seconds(), score);
                saved = step;
            }
        }
        return (step, Seconds());
    }

    private (int Step, double Seconds) Continue(CancellationToken cancellation)
    {
        if (store.Latest() is not { } latest) return (0, 0);
        latest.Verify(cancellation);
        trainer.Restore(latest.Folder);
        var position = JsonSerializer.Deserialize<Position>(File.ReadAllText(Path.Combine(latest.Folder, ProgressFile)))
            ?? throw new BadInputException($"{latest.Folder}/{ProgressFile} is empty; delete that checkpoint and resume from the one before.");
        return (position.Step, position.Seconds);
    }

    private void Save(int step, double seconds, double? score) => store.Save(step, path =>
    {
        trainer.Save(path);
        File.WriteAllText(Path.Combine(path, ProgressFile), JsonSerializer.Serialize(new Position(step, seconds)));
    }, score);
}

/// <summary>What the loop around a trainer needs to know.</summary>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="MaxSeconds">Training time after which the run ends early; 0 for no limit.</param>
/// <param name="ValidateEvery">Steps between validations; 0 for none.</param>
/// <param name="SaveEvery">Steps between checkpoints.</param>
public sealed record LoopOptions(int Steps, double MaxSeconds, int ValidateEvery, int SaveEvery);

/// <summary>A way to train, as the loop around it sees it: steps, validation, and a state that can be saved and restored exactly.</summary>
public interface ITrainer
{
    /// <summary>Learns from one batch. <paramref name="step"/> counts from 0 and, with the seed, decides every random choice.</summary>
    IReadOnlyDictionary<string, double> Step(int step, CancellationToken cancellation);

    /// <summary>Measures on validation problems. The entry <c>validation_score</c> ranks checkpoints: higher is better.</summary>
    IReadOnlyDictionary<string, double> Validate(int step, CancellationToken cancellation);

    /// <summary>Writes model and training state into an empty folder.</summary>
    void Save(string folder);

    /// <summary>Restores what <see cref="Save"/> wrote.</summary>
    void Restore(string folder);
}

/// <summary>A run was asked to stop; it finished its step and saved.</summary>
/// <param name="runFolder">The folder to resume from.</param>
/// <param name="step">The last finished step.</param>
public sealed class RunInterruptedException(string runFolder, int step)
    : OperationCanceledException($"Stopped after step {step}; saved in {runFolder}.")
{
    public string RunFolder { get; } = runFolder;

    public int Step { get; } = step;
}
