using FlowRL.Evaluation;

namespace FlowRL.Training;

<<<<<<< HEAD
/// <summary>What a run did, as <c>--json</c> prints it and <c>summary.json</c> keeps it.</summary>
/// <param name="Run">The run's folder.</param>
/// <param name="Steps">Steps taken, over all resumes.</param>
/// <param name="Seconds">Seconds of training, over all resumes, evaluations before and after left out.</param>
/// <param name="BestStep">The checkpoint with the best validation score, which <paramref name="After"/> evaluates.</param>
/// <param name="Before">The starting model on test problems; null when the recipe skips it.</param>
/// <param name="After">The best checkpoint on the same problems with the same seed; null when the recipe skips it.</param>
public sealed record TrainSummary(
    string Run, int Steps, double Seconds, int BestStep, EvaluationReport? Before, EvaluationReport? After);
=======
/// <summary>What a finished run reports.</summary>
/// <param name="Run">The run's folder.</param>
/// <param name="Steps">Steps done, those before a resume included.</param>
/// <param name="Seconds">Seconds of the run, both evaluations and those before a resume included.</param>
/// <param name="Before">Evaluation of the model it began with; null where the recipe asks for none.</param>
/// <param name="After">Evaluation of the model it ended with; null where the recipe asks for none.</param>
public sealed record TrainSummary(string Run, int Steps, double Seconds, EvaluationReport? Before, EvaluationReport? After);
>>>>>>> refs/heads/recipes
