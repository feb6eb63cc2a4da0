using static TorchSharp.torch;

namespace FlowRL.Objectives;

/// <summary>
/// One micro-batch as an objective sees it. B responses, T the longest one's tokens; everything fp32 on the policy's device; positions
/// where <see cref="Mask"/> is 0 hold zeros. Borrowed: the trainer owns and disposes the tensors.
/// </summary>
public sealed class ObjectiveInputs
{
    /// <summary>(B, T) log π_θ of the response tokens at the training temperature, with gradient.</summary>
    public required Tensor PolicyLogProbs { get; init; }

    /// <summary>
    /// (B, T) log-probabilities of the policy that sampled the responses (the behaviour policy, one or more updates back where sampling lags or
    /// groups are replayed), at the sampling temperature and in the trainer's numbers.
    /// </summary>
    public required Tensor BehaviourLogProbs { get; init; }

    /// <summary>
    /// (B, T) log-probabilities of the policy at the start of this step's updates (the proximal policy of arXiv 2110.00641), at the training
    /// temperature; without <see cref="ObjectiveNeeds.ProximalLogProbs"/> those of the behaviour policy stand for them.
    /// </summary>
    public required Tensor ProximalLogProbs { get; init; }

    /// <summary>(B, T) log-probabilities as the rollout engine reported them while it drew, in its number types.</summary>
    public required Tensor SamplerLogProbs { get; init; }

    /// <summary>(B, T) log π_ref; zeros without <see cref="ObjectiveNeeds.Reference"/>.</summary>
    public required Tensor ReferenceLogProbs { get; init; }

    /// <summary>(B, T) entropy of π_θ; without gradient unless <see cref="ObjectiveNeeds.EntropyGradient"/> is asked for.</summary>
    public required Tensor Entropy { get; init; }

    /// <summary>(B) log Z_φ(x) with gradient; zeros without <see cref="ObjectiveNeeds.LogPartition"/>.</summary>
    public required Tensor LogPartition { get; init; }

    /// <summary>(B, T) the critic's values with gradient; zeros without <see cref="ObjectiveNeeds.Values"/>.</summary>
    public required Tensor Values { get; init; }

    /// <summary>(B, T) the critic's values at credit assignment; zeros without <see cref="ObjectiveNeeds.Values"/>.</summary>
    public required Tensor OldValues { get; init; }

    /// <summary>(B, T) 1 at trained tokens, 0 at padding and at tokens the policy did not choose.</summary>
    public required Tensor Mask { get; init; }

    /// <summary>(B) <see cref="Credit.Score"/>.</summary>
    public required Tensor Scores { get; init; }

    /// <summary>(B) <see cref="Credit.Offset"/>.</summary>
    public required Tensor Offsets { get; init; }

    /// <summary>(B, T) <see cref="Credit.TokenAdvantages"/>.</summary>
    public required Tensor Advantages { get; init; }

    /// <summary>(B, T) <see cref="Credit.TokenReturns"/>.</summary>
    public required Tensor Returns { get; init; }

    /// <summary>(B) int64: responses of one group have the same number. Groups are whole with <see cref="ObjectiveNeeds.WholeGroups"/>.</summary>
    public required Tensor Groups { get; init; }

    /// <summary>Responses of the whole mini-batch: a mean over responses divides its sum by this, so that micro-batches add up.</summary>
    public required int MiniBatchResponses { get; init; }

    /// <summary>Trained tokens of the whole mini-batch, for means over tokens.</summary>
    public required int MiniBatchTokens { get; init; }

    /// <summary>The most tokens a response can have, for sums over tokens divided by a constant.</summary>
    public required int LengthLimit { get; init; }

    /// <summary>Share of the run done, in [0, 1), for schedules inside an objective.</summary>
    public required double Progress { get; init; }
}

/// <summary>
/// The loss of a micro-batch: a scalar with gradient, already divided by the mini-batch's size, so that the sum over its micro-batches
/// is the mini-batch's loss.
/// </summary>
/// <param name="Loss">Scalar, owned by the caller.</param>
/// <param name="Metrics">
/// Each a mean over the micro-batch's responses; the trainer averages them weighted by responses. Names that end in <c>_min</c> and
/// <c>_max</c> are extremes instead and are combined as such.
/// </param>
public sealed record ObjectiveResult(Tensor Loss, IReadOnlyDictionary<string, double> Metrics);
