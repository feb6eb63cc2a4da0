using System.Text.Json.Nodes;
using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Objectives.Targets;
using static TorchSharp.torch;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>
/// What objectives share that match p*(y|x) ∝ π_ref(y|x)·exp(β·r(x,y) + c(x,y)) by regressing the trajectory balance residual:
/// <code>
/// δ = log Z(x) + log π_θ(y|x) − β·r − log π_ref(y|x) − c      c: ITarget, 0 unless another target is chosen
/// L = mean over responses of w·g(δ)      no gradient through w
/// </code>
/// They differ in log Z. Log-probabilities are sums over tokens or means (1/|y|), rewards raw or normalised within the group, β follows a
/// schedule, w corrects for another sampling policy, and g is the square or a bounded cost.
/// </summary>
/// <remarks>B responses, T tokens. Responses without a trained token add nothing to loss, gradient or metrics.</remarks>
internal abstract class DistributionMatchingObjective(DistributionMatchingSettings settings) : IStatefulObjective
{
    private readonly ITarget _target = settings.Target.Create();

    public abstract string Name { get; }

    public abstract ObjectiveNeeds Needs { get; }

    public PartitionOptions Partition => settings.Partition;

    // With w the loss is that of the policy's own samples; without, its minimum is the target whatever measure sampled.
    public bool CorrectsSampling => true;

    public virtual int MinimumGroupSize => settings.RewardNormalised ? 2 : 1;

    /// <summary>The score of a response is r̂, or r without group normalisation.</summary>
    public CreditAssignment AssignCredit(IReadOnlyList<CreditInput> responses)
    {
        var groups = settings.RewardNormalised ? GroupStatistics.ByComparedGroup(responses) : GroupStatistics.ByGroup(responses);
        var offsets = _target.Offsets(responses);
        var credits = responses.Select((r, i) => Credit.Uniform(
            settings.RewardNormalised ? groups[r.Group].Normalise(r.Reward) : r.Reward, r.Length) with
        { Offset = (float)offsets[i] });
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
        var scores = (Scalars.Of(beta) * inputs.Scores).Plus(inputs.Offsets); // (B)
        var (weight, clipped) = settings.Weight.Evaluate(inputs.PolicyLogProbs, inputs.BehaviourLogProbs, mask); // (B), (B)
        var isEmpty = Masked.Length(mask) == Scalars.Of(0L); // (B)
        var logZ = LogPartition(inputs, scores - (policy - reference), weight.masked_fill(isEmpty, Scalars.Of(0))); // (B)
        var delta = logZ.Plus(policy) - scores - reference; // (B)

        var cost = (weight * settings.Residual.Of(delta)).masked_fill(isEmpty, Scalars.Of(0)); // (B)
        var loss = cost.sum() / Scalars.Of((double)inputs.MiniBatchResponses);

        var metrics = Metrics(inputs, logZ, delta, weight, clipped, isEmpty.logical_not());
        metrics["beta"] = beta;
        return new ObjectiveResult(loss.MoveToOuterDisposeScope(), metrics);
    }

    public JsonObject Save() => _target.Save();

    public void Restore(JsonObject state) => _target.Restore(state);

    /// <summary>(B) log Z(x) of each response's prompt.</summary>
    /// <param name="inputs">The micro-batch.</param>
    /// <param name="gain">(B) β·r − log π_θ + log π_ref, of which log Z is the value at δ = 0.</param>
    /// <param name="weight">(B) w, 0 for a response without trained tokens.</param>
    private protected abstract Tensor LogPartition(ObjectiveInputs inputs, Tensor gain, Tensor weight);

    private Tensor LogProb(Tensor logProbs, Tensor mask) =>
        settings.LengthNormalised ? Masked.Mean(logProbs, mask) : Masked.Sum(logProbs, mask);

    private static Dictionary<string, double> Metrics(
        ObjectiveInputs inputs, Tensor logZ, Tensor delta, Tensor weight, Tensor clipped, Tensor counted)
    {
        using var gradientOff = no_grad();
        var count = counted.sum().clamp_min(Scalars.Of(1L));
        Tensor Mean(Tensor values) => values.masked_fill(counted.logical_not(), Scalars.Of(0)).sum() / count;
        var policy = Masked.Mean(inputs.PolicyLogProbs, inputs.Mask);
        var reference = Masked.Mean(inputs.ReferenceLogProbs, inputs.Mask);
        // Responses that do not count have ratio 1, and 1 is what the extremes of an empty micro-batch are.
        return new MetricReader
        {
            ["log_z"] = Mean(logZ),
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
