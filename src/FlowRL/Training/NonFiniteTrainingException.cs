namespace FlowRL.Training;

/// <summary>Training stopped because losses or gradients were not finite several times in a row. Nothing saved is affected.</summary>
public sealed class NonFiniteTrainingException(int steps, double loss, double gradientNorm, double learningRate) : Exception(
    FormattableString.Invariant($"{steps} updates in a row were not finite (last loss {loss}, gradient norm {gradientNorm}, learning rate ") +
    FormattableString.Invariant($"{learningRate}). The weights are those of the last good update, and the checkpoints are untouched: ") +
    "resume with a lower learning rate, a longer warm-up or a smaller beta.");
