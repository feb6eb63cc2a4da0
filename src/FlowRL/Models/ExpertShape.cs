namespace FlowRL.Models;

/// <summary>
/// A feed-forward block of experts: a router gives each token a softmax over all of them, the best few compute, and their outputs are added by
/// those probabilities.
/// </summary>
/// <param name="Count">How many experts there are.</param>
/// <param name="Chosen">How many of them compute for a token.</param>
/// <param name="Width">The inner width of each.</param>
public sealed record ExpertShape(int Count, int Chosen, int Width)
{
    /// <summary>Whether the probabilities of the chosen are divided by their sum, which is the softmax over the chosen alone.</summary>
    public bool Renormalises { get; init; } = true;

    /// <summary>
    /// Whether all experts of a layer are in one tensor a matrix, inputs first, gates and ups in turns, and router and experts have biases
    /// (gpt-oss); else each has matrices of its own, without biases.
    /// </summary>
    public bool AreStacked { get; init; }

    /// <summary>How gates are kept in bounds; null where they go through the model's activation.</summary>
    public ClampedGate? Clamp { get; init; }

    /// <summary>What the loss that balances experts is multiplied by before it is added to a training loss.</summary>
    public double BalanceCoefficient { get; init; }

    /// <summary>Whether training adds that loss.</summary>
    public bool TrainsBalance { get; init; }
}

/// <summary>(up + 1) · gate · sigmoid(α gate), with gate at most at the limit and up within ± the limit (gpt-oss).</summary>
/// <param name="Limit">Above 0.</param>
/// <param name="Alpha">Above 0.</param>
public sealed record ClampedGate(double Limit, double Alpha);
