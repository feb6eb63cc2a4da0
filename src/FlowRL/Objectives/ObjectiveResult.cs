using static TorchSharp.torch;

namespace FlowRL.Objectives;

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
