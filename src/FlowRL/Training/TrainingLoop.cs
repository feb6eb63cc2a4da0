using System.Text.Json;
using System.Text.Json.Serialization;
using FlowRL.Checkpoints;
using FlowRL.Files;
using FlowRL.Rewards;
using FlowRL.Telemetry;

namespace FlowRL.Training;

/// <summary>
/// Runs a trainer to its end: steps, validation, checkpoints, metrics; continues where the newest checkpoint stands; stops when asked to, with
/// every finished step saved.
/// </summary>
/// <param name="trainer">Takes the steps.</param>
/// <param name="options">How many, and what comes between them.</param>
/// <param name="folder">Where everything lands.</param>
/// <param name="store">Keeps checkpoints.</param>
/// <param name="progress">Told of each step.</param>
/// <param name="time">Times it; the system's clock where null.</param>
/// <param name="further">Measures beside validation; null for nothing.</param>
internal sealed class TrainingLoop(ITrainer trainer, LoopOptions options, RunFolder folder, CheckpointStore store, IProgress<StepReport> progress,
    TimeProvider? time = null, IStepMeasurements? further = null)
{
    private const string ProgressFile = "progress.json";
    private static readonly Dictionary<string, double> NoMetrics = [];
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Where a checkpoint stands.</summary>
    /// <param name="Step">Steps done.</param>
    /// <param name="Seconds">Spent on them.</param>
    /// <param name="Unvalidated">The metrics of the last step where the run was stopped before or in its validation; null where nothing is owed.</param>
    private sealed record Position(int Step, double Seconds, IReadOnlyDictionary<string, double>? Unvalidated = null);

    /// <summary>Runs until the last step, the time limit, or cancellation.</summary>
    /// <returns>Steps done and seconds spent, over all resumes.</returns>
    /// <exception cref="RunInterruptedException">Cancelled; the state is saved.</exception>
    /// <exception cref="RewardsFailedException">No response could be scored; the state is saved.</exception>
    public (int Steps, double Seconds) Run(CancellationToken cancellation)
    {
        var (step, before, unvalidated) = Continue(cancellation);
        var start = _time.GetTimestamp();
        double Seconds() => before + _time.GetElapsedTime(start).TotalSeconds;
        var remaining = new RemainingTime(options, Seconds);
        bool Ends() => step >= options.Steps || (options.MaxSeconds > 0 && Seconds() >= options.MaxSeconds);
        using var metricsLog = new MetricsLog(folder.Metrics, unvalidated is null ? step : step - 1, folder.Say);
        using var tensorBoard = new TensorBoardLog(folder.TensorBoard, unvalidated is null ? step : step - 1, say: folder.Say);
        var receivers = new ProgressGroup(metricsLog, tensorBoard, progress);

        var saved = step;
        try
        {
            while (unvalidated is not null || !Ends())
            {
                cancellation.ThrowIfCancellationRequested();
                if (unvalidated is null)
                {
                    unvalidated = remaining.OfStep(() => trainer.Step(step, cancellation));
                    step++;
                }
                var (ends, completed) = (Ends(), unvalidated);
                var (metrics, score) = IsValidated(step, ends) ? remaining.OfValidation(() => Measured(completed, step, ends, cancellation))
                    : Measured(completed, step, ends, cancellation);
                unvalidated = null;
                folder.RequireThere();
                // Reported before it is saved: resuming cuts lines after the checkpoint, but could not make up for a missing one.
                receivers.Report(new StepReport(step, options.Steps, Seconds(), remaining.After(step), metrics));
                // A validated step is saved, so that the best one can be kept.
                if (ends || score is not null || step % options.SaveEvery == 0)
                {
                    Save(new Position(step, Seconds()), score);
                    saved = step;
                }
            }
        }
        catch (RewardsFailedException failed)
        {
            // Nothing was changed by the step that failed.
            if (saved < step) Save(new Position(step, Seconds(), unvalidated), null);
            throw step == 0 ? failed : new RewardsFailedException($"{failed.Message}\nThe run is saved in {folder.Path} as it was after step {step}.");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            if (saved < step) Save(new Position(step, Seconds(), unvalidated), null);
            throw new RunInterruptedException(folder.Path, step);
        }
        return (step, Seconds());
    }

    private bool IsValidated(int step, bool ends) => options.ValidateEvery > 0 && (step % options.ValidateEvery == 0 || ends);

    private (IReadOnlyDictionary<string, double> Metrics, double? Score) Measured(
        IReadOnlyDictionary<string, double> metrics, int step, bool ends, CancellationToken cancellation)
    {
        var isValidated = IsValidated(step, ends);
        var all = new Dictionary<string, double>(metrics);
        foreach (var (name, value) in isValidated ? trainer.Validate(step, cancellation) : NoMetrics) all[name] = value;
        foreach (var (name, value) in further?.Measure(step, isValidated, ends, cancellation) ?? NoMetrics) all[name] = value;
        return (all, isValidated && double.IsFinite(all[MetricNames.ValidationScore]) ? all[MetricNames.ValidationScore] : null);
    }

    private Position Continue(CancellationToken cancellation)
    {
        if (store.Latest() is not { } latest) return new Position(0, 0);
        latest.Verify(cancellation);
        trainer.Restore(latest.Folder);
        var path = Path.Combine(latest.Folder, ProgressFile);
        var position = InputFile.ReadJson(path, "a run's progress", root => root.Deserialize<Position>(Numbers)!);
        return position.Step == latest.Step && double.IsFinite(position.Seconds) ? position : throw new BadInputException(
            $"{path} is of another checkpoint; delete {latest.Folder}, and resume from the one before.");
    }

    private void Save(Position position, double? score) => store.Save(position.Step, path =>
    {
        trainer.Save(path);
        File.WriteAllText(Path.Combine(path, ProgressFile), JsonSerializer.Serialize(position, Numbers));
    }, score);

    // Metrics may be NaN.
    private static readonly JsonSerializerOptions Numbers = new()
    { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectRequiredConstructorParameters = true };
}

/// <summary>What the loop around a trainer needs to know.</summary>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="MaxSeconds">Training time after which the run ends early; 0 for no limit.</param>
/// <param name="ValidateEvery">Steps between validations; 0 for none.</param>
/// <param name="SaveEvery">Steps between checkpoints.</param>
/// <param name="ValidationSeconds">What a validation is expected to take, until one has been seen.</param>
/// <param name="EndSeconds">What comes after the last step is expected to take.</param>
internal sealed record LoopOptions(
    int Steps, double MaxSeconds, int ValidateEvery, int SaveEvery, double ValidationSeconds = 0, double EndSeconds = 0);

/// <summary>A way to train, as the loop around it sees it: steps, validation, and a state that can be saved and restored exactly.</summary>
public interface ITrainer
{
    /// <summary>Learns from one batch. <paramref name="step"/> counts from 0 and, with the seed, decides every random choice.</summary>
    IReadOnlyDictionary<string, double> Step(int step, CancellationToken cancellation);

    /// <summary>
    /// Measures on validation problems. The entry <c>validation_score</c> ranks checkpoints: higher is better, NaN where there was nothing to measure.
    /// </summary>
    IReadOnlyDictionary<string, double> Validate(int step, CancellationToken cancellation);

    /// <summary>The metric that <c>validation_score</c> is, or is minus of.</summary>
    string ScoredBy => MetricNames.ValidationScore;

    /// <summary>Writes model and training state into an empty folder.</summary>
    void Save(string folder);

    /// <summary>Restores what <see cref="Save"/> wrote.</summary>
    void Restore(string folder);
}

/// <summary>Measures between steps what neither chooses a checkpoint nor changes what is trained.</summary>
internal interface IStepMeasurements
{
    /// <summary>What is due after a step, as metrics; empty where nothing is.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="isValidated">Whether the run is validated after it.</param>
    /// <param name="ends">Whether it is the last.</param>
    /// <param name="cancellation">Ends it; it is made up for on resume.</param>
    IReadOnlyDictionary<string, double> Measure(int step, bool isValidated, bool ends, CancellationToken cancellation);
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
