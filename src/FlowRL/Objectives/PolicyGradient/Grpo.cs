using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Group relative policy optimisation (arXiv 2402.03300, section 4.1): A = (r − mean_group r)/(std_group r + 1e-6), the same for every
/// token; clipped token ratios; k3 to the reference in the loss (equation 4). Kept: the paper's outcome supervision. Differs by default:
/// token mean instead of sequence mean (equation 3) and a KL coefficient of 0.001 instead of 0.04, as verl runs it.
/// </summary>
internal sealed class GrpoObjective(GrpoOptions options) : GroupObjective(options)
{
    public override string Name => "grpo";
}

/// <summary>GRPO, with the settings that comparisons use: token mean and a KL loss of 0.001. The paper: sequence mean and 0.04.</summary>
[Variant("grpo")]
public sealed record GrpoOptions : ClippedSurrogateOptions
{
    public GrpoOptions() => Kl = new KlOptions { Coefficient = 0.001 };

    public override IObjective Create() => new GrpoObjective(this);
}
