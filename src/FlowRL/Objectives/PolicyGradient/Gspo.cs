using FlowRL.Configuration;
using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Group sequence policy optimisation (arXiv 2507.18071, equations 5 to 7): GRPO's advantage with one ratio a response, the geometric
/// mean over its tokens, s = exp((1/|y|)·Σ_t log π_θ(y_t)/π_old(y_t)), and one clip.
/// </summary>
internal sealed class GspoObjective(GspoOptions options) : SequenceObjective(options)
{
    public override string Name => "gspo";
}

/// <summary>GRPO's advantage with one ratio a response, the geometric mean over its tokens.</summary>
internal abstract class SequenceObjective(PolicyGradientOptions options) : GroupObjective(options)
{
    // The response's ratio at each of its tokens: their mean is the response's term, with its gradient.
    private protected sealed override Tensor LogRatio(Tensor difference, Tensor mask) => Masked.Mean(difference, mask).unsqueeze(1).expand_as(difference);
}

/// <summary>GSPO, with the paper's settings: bounds of 3e-4 and 4e-4, sequence mean, no KL.</summary>
[Variant("gspo")]
public sealed record GspoOptions : ClippedSurrogateOptions
{
    public GspoOptions()
    {
        EpsilonLow = 3e-4;
        EpsilonHigh = 4e-4;
        Aggregation = LossAggregation.SequenceMean;
    }

    public override IObjective Create() => new GspoObjective(this);
}
