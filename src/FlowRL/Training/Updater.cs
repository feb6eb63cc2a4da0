namespace FlowRL.Training;

/// <summary>
/// One optimiser step from gradients that are already summed: finite check, clipping, learning rate. A step that is not finite changes
/// nothing and is counted; too many in a row end the run.
/// </summary>
internal sealed class Updater(AdamW optimizer, OptimizerOptions options, long totalSteps)
{
    /// <summary>Steps in a row whose loss or gradient was not finite.</summary>
    public int NonFiniteInARow { get; private set; }

    /// <param name="loss">The mini-batch's loss, for the finite check.</param>
    /// <param name="metrics">Receives gradient norm, clip share and learning rate.</param>
    /// <exception cref="NonFiniteTrainingException">Too many steps in a row were not finite.</exception>
    public void Apply(double loss, Metrics metrics)
    {
        var (norm, partition) = (optimizer.GradientNorm(), optimizer.GradientNorm(ClipGroup.Partition));
        var rate = LearningRateSchedule.At(options, optimizer.Steps, totalSteps);
        if (!double.IsFinite(norm) || !double.IsFinite(partition) || !double.IsFinite(loss))
        {
            optimizer.ZeroGradients();
            metrics.Add("non_finite", 1);
            if (++NonFiniteInARow >= options.MaxNonFiniteSteps)
                throw new NonFiniteTrainingException(NonFiniteInARow, loss, double.IsFinite(norm) ? partition : norm, rate);
            return;
        }
        NonFiniteInARow = 0;
        bool Clips(double length) => options.GradientClip > 0 && length > options.GradientClip;
        double Scale(double length) => Clips(length) ? options.GradientClip / length : 1;
        optimizer.Step(rate, Scale(norm), Scale(partition));
        optimizer.ZeroGradients();
        metrics.Add("loss", loss);
        metrics.Add("gradient_norm", norm);
        metrics.Add("gradient_clip_share", Clips(norm) ? 1 : 0);
        if (partition > 0) metrics.Add("gradient_norm_log_z", partition);
        metrics.Add("learning_rate", rate);
        metrics.Add("non_finite", 0);
    }
}

/// <summary>Training stopped because losses or gradients were not finite several times in a row. Nothing saved is affected.</summary>
internal sealed class NonFiniteTrainingException(int steps, double loss, double gradientNorm, double learningRate) : Exception(
    FormattableString.Invariant($"{steps} updates in a row were not finite (last loss {loss}, gradient norm {gradientNorm}, learning rate ") +
    FormattableString.Invariant($"{learningRate}). The weights are those of the last good update, and the checkpoints are untouched: ") +
    "resume with a lower learning rate, a longer warm-up or a smaller beta.");
