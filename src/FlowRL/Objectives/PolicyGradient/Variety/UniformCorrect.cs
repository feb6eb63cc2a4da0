using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;

namespace FlowRL.Objectives.PolicyGradient.Variety;

/// <summary>
/// Uniform-correct policy optimisation (UCPO, after the abstract of arXiv 2605.00365): what the c right answers of a group gain together stays, and a share
/// τ of it goes to each by the inverse of its probability among them,
/// <code>
/// right   A = A_GRPO·c·((1 − τ)/c + τ·(1/q_i)/Σ_j 1/q_j)      q the probabilities of the right answers, divided by their sum
/// </code>
/// The probability of a response is the geometric mean over its tokens, or with <c>length_normalised: false</c> their product.
/// </summary>
internal sealed class UniformCorrectObjective(UniformCorrectOptions options) : GroupObjective(options)
{
    public override string Name => "ucpo";

    private protected override IEnumerable<double> Advantages(IReadOnlyList<CreditInput> group, GroupStatistics statistics)
    {
        double LogProb(CreditInput r) => options.LengthNormalised ? r.OldLogProb / Math.Max(1, r.TrainedTokens) : r.OldLogProb;
        CreditInput[] right = [.. group.Where(r => r.IsCorrect)];
        var lowest = right.Select(LogProb).DefaultIfEmpty().Min(); // cancels
        var total = right.Sum(r => Math.Exp(lowest - LogProb(r)));
        double Weight(CreditInput r) => 1 - options.Tau + options.Tau * right.Length * Math.Exp(lowest - LogProb(r)) / total;
        return group.Select(r => statistics.Normalise(r.Reward) * (r.IsCorrect ? Weight(r) : 1));
    }
}

/// <summary>UCPO: no KL, token mean.</summary>
[Variant("ucpo")]
public sealed record UniformCorrectOptions : ClippedSurrogateOptions
{
    [Description("τ: the share of the right answers' advantage that goes to each by the inverse of its probability.")]
    [Range(0.0, 1.0)]
    public double Tau { get; init; } = 0.5;

    [Description("Take the geometric mean over tokens as the probability of a response, else the product.")]
    public bool LengthNormalised { get; init; } = true;

    public override IObjective Create() => new UniformCorrectObjective(this);
}
