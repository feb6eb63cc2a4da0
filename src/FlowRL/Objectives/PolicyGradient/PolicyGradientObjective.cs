using System.Text.Json.Nodes;
using FlowRL.Models;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// What policy gradients share; each adds its advantages, and its surrogate where that is not the clipped one:
/// <code>
/// cost_t = −m·v_t·s(ρ_t, A_t) + c_KL·KL_t − c_H·H_t      s: ISurrogate, m: OffPolicyMask, v: SamplerCorrection, KL: KlPenalty
/// L = cost aggregated over the tokens of the mini-batch
/// </code>
/// With KL in the reward, r_t = −c_KL·KL_t (+ r at the last token) takes the place of the reward, and the loss has no KL term.
/// </summary>
/// <remarks>B responses, T tokens.</remarks>
internal abstract class PolicyGradientObjective(PolicyGradientOptions options) : IStatefulObjective
{
    private const string CoefficientKey = "kl_coefficient";

    private readonly KlController _kl = new(options.Kl);
    private readonly ISurrogate _surrogate = options.Surrogate;
    private readonly SamplerCorrection _correction = new(options.Correction);

    public abstract string Name { get; }

    public virtual ObjectiveNeeds Needs =>
        (options.Kl.IsOn ? ObjectiveNeeds.Reference : ObjectiveNeeds.None)
        | (options.EntropyBonus > 0 ? ObjectiveNeeds.EntropyGradient : ObjectiveNeeds.None)
        | (options.Correction.IsOn ? ObjectiveNeeds.ProximalLogProbs : ObjectiveNeeds.None);

    public virtual CriticOptions Critic => new();

    public bool CorrectsSampling => options.Correction.Level != CorrectionLevel.None;

    public abstract int MinimumGroupSize { get; }

    public CreditAssignment AssignCredit(IReadOnlyList<CreditInput> responses)
    {
        var metrics = GroupStatistics.Metrics(responses, GroupStatistics.ByGroup(responses));
        Credit[] credits = [.. Credits(responses, metrics)];
        if (options.Kl.IsOn)
        {
            metrics[CoefficientKey] = _kl.Coefficient;
            var divergences = responses.Where(r => r.IsTrained && !r.IsReplayed).Select(r => LogRatios(r).Sum()).ToArray();
            if (divergences.Length > 0) _kl.Observe(divergences.Average(), divergences.Length);
        }
        return new CreditAssignment(credits, metrics);
    }

    public ObjectiveResult Evaluate(ObjectiveInputs inputs)
    {
        using var scope = NewDisposeScope();
        var mask = inputs.Mask; // (B, T), like everything below
        var policy = Masked.Fill(inputs.PolicyLogProbs, mask);
        var old = Masked.Fill(inputs.ProximalLogProbs.detach(), mask);
        var advantages = Masked.Fill(inputs.Advantages, mask);
        var logRatio = LogRatio(policy - old, mask);
        var (cost, clipped) = _surrogate.Evaluate(policy, logRatio, advantages, mask);
        var metrics = new TokenMetrics(mask);
        metrics.Add("surrogate", cost.neg());
        metrics.Add("clip_share", clipped);
        metrics.Add("drift", (policy - old).abs());

        if (options.OffPolicyThreshold is { } threshold)
        {
            var kept = OffPolicyMask.Of(policy - old, advantages, mask, threshold);
            cost = cost * kept;
            metrics.Add("off_policy", (kept == Scalars.Of(0)).to(kept.dtype));
        }
        if (options.Correction.IsOn)
        {
            var (weight, leftOut) = _correction.Evaluate(old, Masked.Fill(inputs.SamplerLogProbs, mask), mask);
            cost = cost * weight;
            metrics.Add("correction", weight);
            metrics.Add("left_out", leftOut.unsqueeze(1).expand_as(mask));
        }
        if (options.Kl.IsOn)
        {
            var divergence = KlPenalty.Of(options.Kl.Estimator, policy - Masked.Fill(inputs.ReferenceLogProbs.detach(), mask));
            if (options.Kl.Weighted)
                divergence = divergence * logRatio.clamp(Scalars.Of(-Objectives.LogRatio.Largest), Scalars.Of(Objectives.LogRatio.Largest)).exp();
            if (options.Kl.Placement == KlPlacement.Loss) cost = cost.Plus(Scalars.Of(_kl.Coefficient) * divergence);
            metrics.Add("kl_reference", divergence);
        }
        if (options.EntropyBonus > 0) cost = cost - Scalars.Of(options.EntropyBonus) * Masked.Fill(inputs.Entropy, mask);
        cost = WithMoreCosts(cost, inputs, metrics);
        return new ObjectiveResult(Aggregate(cost, inputs).MoveToOuterDisposeScope(), metrics.Read());
    }

    public virtual JsonObject Save() => new() { [CoefficientKey] = _kl.Coefficient };

    public virtual void Restore(JsonObject state) =>
        _kl.Coefficient = (double?)state[CoefficientKey] ?? throw new FormatException($"'{CoefficientKey}' is missing");

    /// <summary>One credit a response, in order; may add metrics of the whole batch.</summary>
    private protected abstract IEnumerable<Credit> Credits(IReadOnlyList<CreditInput> responses, Dictionary<string, double> metrics);

    /// <summary>(B, T) log ρ_t from log π_θ − log π_old; the token's own unless an objective takes the sequence's.</summary>
    private protected virtual Tensor LogRatio(Tensor difference, Tensor mask) => difference;

    /// <summary>(B, T) costs with those that an objective has of its own.</summary>
    private protected virtual Tensor WithMoreCosts(Tensor cost, ObjectiveInputs inputs, TokenMetrics metrics) => cost;

    /// <summary>The reward of a whole response, the KL penalty of its tokens subtracted where the reward is its place.</summary>
    private protected double PenalisedReward(CreditInput response) => response.Reward - Penalties(response).Sum();

    /// <summary>r_t of each token: minus its KL penalty, plus the reward at the last trained token; 0 at tokens that are not trained.</summary>
    private protected double[] TokenRewards(CreditInput response)
    {
        double[] rewards = [.. Penalties(response).Select(penalty => -penalty)];
        var last = Array.LastIndexOf(response.LossMask, true);
        if (last >= 0) rewards[last] += response.Reward;
        return rewards;
    }

    private IEnumerable<double> Penalties(CreditInput response) =>
        options.Kl.IsOn && options.Kl.Placement == KlPlacement.Reward
            ? LogRatios(response).Zip(response.LossMask, (logRatio, trained) =>
                trained ? _kl.Coefficient * KlPenalty.Of(options.Kl.Estimator, logRatio) : 0)
            : new double[response.LossMask.Length];

    /// <summary>log π_old − log π_ref of each token; 0 where it is not trained.</summary>
    private static IEnumerable<double> LogRatios(CreditInput response) => response.LossMask.Select((trained, t) =>
        trained ? (double)response.ProximalLogProbs[t] - response.ReferenceLogProbs[t] : 0);

    private Tensor Aggregate(Tensor cost, ObjectiveInputs inputs) => options.Aggregation switch
    {
        LossAggregation.TokenMean => Masked.Sum(cost, inputs.Mask).sum() / Scalars.Of((double)Math.Max(1, inputs.MiniBatchTokens)),
        LossAggregation.SequenceMean => Masked.Mean(cost, inputs.Mask).sum() / Scalars.Of((double)inputs.MiniBatchResponses),
        LossAggregation.SequenceSum => Masked.Sum(cost, inputs.Mask).sum() / Scalars.Of((double)inputs.MiniBatchResponses),
        _ => Masked.Sum(cost, inputs.Mask).sum() / Scalars.Of((double)inputs.MiniBatchResponses * inputs.LengthLimit),
    };
}
