using FlowRL.Evaluation;

namespace FlowRL.Training;

/// <summary>What a finished run reports.</summary>
/// <param name="Run">The run's folder.</param>
/// <param name="Steps">Steps done, those before a resume included.</param>
/// <param name="Seconds">Seconds of the run, both evaluations and those before a resume included.</param>
/// <param name="Before">Evaluation of the model it began with; null where the recipe asks for none.</param>
/// <param name="After">Evaluation of the model it ended with; null where the recipe asks for none.</param>
public sealed record TrainSummary(string Run, int Steps, double Seconds, EvaluationReport? Before, EvaluationReport? After);
