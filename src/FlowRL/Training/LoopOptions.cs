namespace FlowRL.Training;

/// <summary>What the loop around a trainer needs to know.</summary>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="MaxSeconds">Training time after which the run ends early; 0 for no limit.</param>
/// <param name="ValidateEvery">Steps between validations; 0 for none.</param>
/// <param name="SaveEvery">Steps between checkpoints.</param>
public sealed record LoopOptions(int Steps, double MaxSeconds, int ValidateEvery, int SaveEvery);
