using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Proximal policy optimisation (arXiv 1707.06347) for language models (arXiv 1909.08593): a critic on the policy's hidden states,
/// generalised advantages, the KL penalty in each token's reward, and per token beside the clipped surrogate
/// <code>
/// V_clip = V_old + clip(V − V_old, −ε_v, ε_v)
/// value cost = ½·max((V − R)², (V_clip − R)²)
/// </code>
/// Kept: everything but Atari's annealing. Added: advantages normalised over the batch, as every implementation has it.
/// </summary>
internal sealed class PpoObjective(PpoOptions options) : PolicyGradientObjective(options)
{
    public override string Name => "ppo";

    public override ObjectiveNeeds Needs => base.Needs | ObjectiveNeeds.Values;

    public override CriticOptions Critic => options.Critic;

    public override int MinimumGroupSize => 1;

    private protected override IEnumerable<Credit> Credits(IReadOnlyList<CreditInput> responses, Dictionary<string, double> metrics)
    {
        var estimates = responses.Select(r =>
            GeneralisedAdvantage.Of(TokenRewards(r), r.Values, r.LossMask, options.Gamma, options.GaeLambda)).ToArray();
        double[][] advantages = [.. estimates.Select(e => e.Advantages)];
        metrics["explained_variance"] = ExplainedVariance(responses, [.. estimates.Select(e => e.Returns)]);
        if (options.NormaliseAdvantages) advantages = BatchNormalisation.OfTokens(responses, advantages);
        return responses.Select((r, i) => new Credit((float)PenalisedReward(r),
            Array.ConvertAll(advantages[i], a => (float)a), Array.ConvertAll(estimates[i].Returns, a => (float)a)));
    }

    private protected override Tensor WithMoreCosts(Tensor cost, ObjectiveInputs inputs, TokenMetrics metrics)
    {
        var values = Masked.Fill(inputs.Values, inputs.Mask);
        var returns = Masked.Fill(inputs.Returns, inputs.Mask);
        var error = (values - returns).Squared();
        if (options.ValueClip > 0)
        {
            var old = Masked.Fill(inputs.OldValues.detach(), inputs.Mask);
            var near = old.Plus((values - old).clamp(Scalars.Of(-options.ValueClip), Scalars.Of(options.ValueClip)));
            var bounded = (near - returns).Squared();
            metrics.Add("value_clip_share", (bounded > error).to(cost.dtype));
            error = maximum(error, bounded);
        }
        metrics.Add("value", values);
        metrics.Add("value_loss", error / Scalars.Of(2));
        return cost.Plus(error * Scalars.Of(options.ValueCoefficient / 2));
    }

    /// <summary>1 − Var(R − V)/Var(R) over trained tokens: 1 for a perfect critic, 0 for a constant one; 0 where returns do not vary.</summary>
    private static double ExplainedVariance(IReadOnlyList<CreditInput> responses, double[][] returns)
    {
        var tokens = responses
            .SelectMany((r, i) => returns[i].Select((target, t) => (Target: target, Error: target - r.Values[t], Trained: r.LossMask[t])))
            .Where(token => token.Trained).ToArray();
        if (tokens.Length < 2) return 0;
        var spread = GroupStatistics.Of([.. tokens.Select(token => token.Target)]).StandardDeviation;
        var left = GroupStatistics.Of([.. tokens.Select(token => token.Error)]).StandardDeviation;
        return spread == 0 ? 0 : 1 - left * left / (spread * spread);
    }
}

/// <summary>
/// PPO. Clips of 0.2, value weight 0.1 as in arXiv 1909.08593; γ = λ = 1 as in arXiv 2503.24290; KL of 0.001 in the reward as in verl.
/// The paper makes several passes over a batch: training.passes.
/// </summary>
[Variant("ppo")]
public sealed record PpoOptions : ClippedSurrogateOptions
{
    public PpoOptions() =>
        Kl = new KlOptions { Coefficient = 0.001, Placement = KlPlacement.Reward, Estimator = KlEstimator.K1 };

    [Description("γ: what a reward one token later is worth.")]
    [Range(0.0, 1.0)]
    public double Gamma { get; init; } = 1;

    [Description("λ of generalised advantage estimation: 1 uses whole returns, less trusts the critic more.")]
    [Range(0.0, 1.0)]
    public double GaeLambda { get; init; } = 1;

    [Description("Normalise advantages over the tokens of the rollout batch.")]
    public bool NormaliseAdvantages { get; init; } = true;

    [Description("Weight of the value loss.")]
    [Range(0.0, 1000.0)]
    public double ValueCoefficient { get; init; } = 0.1;

    [Description("The value loss gains nothing from moving a value further than this from its old one; 0 sets no bound.")]
    [Range(0.0, 1e6)]
    public double ValueClip { get; init; } = 0.2;

    [Description("The critic.")]
    public CriticOptions Critic { get; init; } = new();

    public override IObjective Create() => new PpoObjective(this);
}
