using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Objectives;

/// <summary>
/// FlowRL (Zhu et al., arXiv 2509.15207): match the reward distribution p*(y|x) ∝ π_ref(y|x)·exp(β·r̂(x,y)) instead of maximising reward,
/// by regressing the trajectory balance residual
/// <code>
/// δ = log Z(x) + (1/|y|)·Σ_t log π_θ(y_t) − β·r̂ − (1/|y|)·Σ_t log π_ref(y_t)
/// w = clip(π_θ(y|x) / π_old(y|x), 1 − ε_low, 1 + ε_high)      no gradient through w
/// L = mean over responses of w·δ²
/// </code>
/// Kept: all of the paper's objective (the default settings). Dropped: nothing of it; the KL settings of the authors' code, which do
/// nothing there, have no counterpart. Added: a schedule for β, sums instead of means (1/|y| is then 1 in both terms, which makes p*
/// exact), raw rewards, other clips of w, and g(δ) in place of δ².
/// </summary>
/// <remarks>B responses, T tokens. Responses without a trained token add nothing to loss, gradient or metrics.</remarks>
public sealed class FlowRLObjective(FlowRLSettings settings) : IObjective
{
    public string Name => "flowrl";

    public ObjectiveNeeds Needs => ObjectiveNeeds.Reference | ObjectiveNeeds.LogPartition;

    public PartitionOptions Partition => settings.Partition;

    public int MinimumGroupSize => settings.RewardNormalised ? 2 : 1;

    /// <summary>The score of a response is r̂, or r without group normalisation.</summary>
    public CreditAssignment AssignCredit(IReadOnlyList<CreditInput> responses)
    {
        var groups = settings.RewardNormalised ? GroupStatistics.ByComparedGroup(responses) : GroupStatistics.ByGroup(responses);
        var credits = responses.Select(r => Credit.Uniform(
            settings.RewardNormalised ? groups[r.Group].Normalise(r.Reward) : r.Reward, r.OldLogProbs.Length));
        var metrics = GroupStatistics.Metrics(responses, groups);
        metrics["length_tilt"] = LengthTilt.Of(responses, groups);
        return new CreditAssignment([.. credits], metrics);
    }

    public ObjectiveResult Evaluate(ObjectiveInputs inputs)
    {
        using var scope = NewDisposeScope();
        var mask = inputs.Mask; // (B, T)
        var beta = settings.Beta.At(inputs.Progress);

        var policy = LogProb(inputs.PolicyLogProbs, mask); // (B)
        var reference = LogProb(inputs.ReferenceLogProbs.detach(), mask); // (B)
        var delta = inputs.LogPartition.Plus(policy) - Scalars.Of(beta) * inputs.Scores - reference; // (B)
        var (weight, clipped) = settings.Weight.Evaluate(inputs.PolicyLogProbs, inputs.OldLogProbs, mask); // (B), (B)

        var isEmpty = Masked.Length(mask) == Scalars.Of(0L); // (B)
        var cost = (weight * settings.Residual.Of(delta)).masked_fill(isEmpty, Scalars.Of(0)); // (B)
        var loss = cost.sum() / Scalars.Of((double)inputs.MiniBatchResponses);

        var metrics = Metrics(inputs, delta, weight, clipped, isEmpty.logical_not());
        metrics["beta"] = beta;
        return new ObjectiveResult(loss.MoveToOuterDisposeScope(), metrics);
    }

    private Tensor LogProb(Tensor logProbs, Tensor mask) =>
        settings.LengthNormalised ? Masked.Mean(logProbs, mask) : Masked.Sum(logProbs, mask);

    private static Dictionary<string, double> Metrics(ObjectiveInputs inputs, Tensor delta, Tensor weight, Tensor clipped, Tensor counted)
    {
        using var gradientOff = no_grad();
        var count = counted.sum().clamp_min(Scalars.Of(1L));
        Tensor Mean(Tensor values) => values.masked_fill(counted.logical_not(), Scalars.Of(0)).sum() / count;
        var policy = Masked.Mean(inputs.PolicyLogProbs, inputs.Mask);
        var reference = Masked.Mean(inputs.ReferenceLogProbs, inputs.Mask);
        // Responses that do not count have ratio 1, and 1 is what the extremes of an empty micro-batch are.
        return new MetricReader
        {
            ["log_z"] = Mean(inputs.LogPartition),
            ["residual"] = Mean(delta),
            ["residual_abs"] = Mean(delta.abs()),
            ["weight"] = Mean(weight),
            ["weight_min"] = weight.min(),
            ["weight_max"] = weight.max(),
            ["clip_share"] = Mean(clipped),
            ["policy_log_prob"] = Mean(policy),
            ["reference_log_prob"] = Mean(reference),
            ["kl_reference"] = Mean(policy - reference),
            ["score"] = Mean(inputs.Scores),
        }.Read();
    }
}
