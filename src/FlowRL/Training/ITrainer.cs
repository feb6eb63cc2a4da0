namespace FlowRL.Training;

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
