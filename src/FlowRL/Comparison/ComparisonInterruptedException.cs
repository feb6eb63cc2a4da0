namespace FlowRL.Comparison;

/// <summary>A comparison was asked to stop; nothing that is finished is lost.</summary>
/// <param name="run">The run that was stopped.</param>
/// <param name="step">Its last finished step; null where it was not training.</param>
/// <param name="inner">How the work ended.</param>
public sealed class ComparisonInterruptedException(PlannedRun run, int? step, Exception inner) : OperationCanceledException(
    $"Stopped {(step is null ? "at" : $"after step {step} of")} {run.Objective}, seed {run.Seed}; what is finished is kept.", inner);
