using FlowRL.Evaluation;

namespace FlowRL.Training;

/// <summary>What a run did, as <c>--json</c> prints it and <c>summary.json</c> keeps it.</summary>
/// <param name="Run">The run's folder.</param>
/// <param name="Steps">Steps done, those before a resume included.</param>
/// <param name="Seconds">Seconds of training, validation included, over all resumes; the evaluations before and after are left out.</param>
/// <param name="BestStep">The checkpoint with the best validation score, which <paramref name="After"/> evaluates.</param>
/// <param name="Before">The starting model on test problems; null where the recipe asks for none.</param>
/// <param name="After">The best checkpoint on the same problems with the same seed; null where the recipe asks for none.</param>
public sealed record TrainSummary(
    string Run, int Steps, double Seconds, int BestStep, EvaluationReport? Before, EvaluationReport? After);
