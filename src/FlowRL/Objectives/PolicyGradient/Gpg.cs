using FlowRL.Configuration;
using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Group policy gradient (arXiv 2504.02546; verl 0.9.1, <c>core_algos.py</c>): no ratio and no reference, s = A·log π_θ; A = α·(r − mean_group r) with α the
/// responses of the batch by those that earned something, so that groups that teach nothing do not thin the rest out.
/// </summary>
internal sealed class GpgObjective(GpgOptions options) : GroupObjective(options)
{
    public override string Name => "gpg";

    private protected override IEnumerable<Credit> Credits(IReadOnlyList<CreditInput> responses, Dictionary<string, double> metrics)
    {
        var scored = responses.Where(r => r.IsScored).ToArray();
        var alpha = (double)scored.Length / Math.Max(1, scored.Count(r => r.Reward != 0));
        return base.Credits(responses, metrics).Zip(responses, (credit, r) => Credit.Uniform(credit.Score * alpha, r.Length));
    }

    private protected override double Advantage(double reward, GroupStatistics group) => reward - group.Mean;
}

/// <summary>GPG, with the paper's settings: token mean, no KL. It is right for one update after sampling.</summary>
[Variant("gpg")]
public sealed record GpgOptions : PolicyGradientOptions
{
    internal override ISurrogate Surrogate => new LogLikelihood();

    public override IObjective Create() => new GpgObjective(this);
}

/// <summary>s = A·log π_θ.</summary>
internal sealed record LogLikelihood : ISurrogate
{
    public (Tensor Cost, Tensor Clipped) Evaluate(Tensor policy, Tensor logRatio, Tensor advantages, Tensor mask)
    {
        using var scope = NewDisposeScope();
        return ((advantages * policy).neg().MoveToOuterDisposeScope(), zeros_like(advantages).MoveToOuterDisposeScope());
    }
}
