using FlowRL.Models;
using FlowRL.Recipes;
using static TorchSharp.torch;

namespace FlowRL.Objectives;

/// <summary>
/// FlowRL (Zhu et al., arXiv 2509.15207): the policy is moved towards p*(y|x) ∝ π_ref(y|x)·exp(β·r̂) by trajectory balance.
/// <code>
/// r̂ = (r − mean_group r) / (std_group r + 1e-6)
/// δ = log Z_φ(x) + (1/|y|)·Σ_t log π_θ(y_t) − β·r̂ − (1/|y|)·Σ_t log π_ref(y_t)
/// w = clip( π_θ(y|x)/π_old(y|x), 1 − ε_low, 1 + ε_high ), without gradient
/// L = mean over responses of w·δ²
/// </code>
/// Kept: every term. Added: a course for β, the un-normalised residual (exact target), other bounds of w, slower-growing losses than
/// δ². Dropped: nothing. B responses, T tokens.
/// </summary>
public sealed class FlowRLObjective(FlowRLOptions options) : IObjective
{
    private const double DeviationFloor = 1e-6;

    // Log-ratios are bounded before exp: e^±30 is finite in fp32, and far outside any useful clip.
    private const double LogRatioBound = 30;

    public string Name => "flowrl";

    public ObjectiveNeeds Needs => ObjectiveNeeds.Reference | ObjectiveNeeds.LogPartition;

    public PartitionOptions Partition => options.ResolvedPartition;

    public int MinimumGroupSize => options.RewardNormalised ? 2 : 1;

    public CreditAssignment AssignCredit(IReadOnlyList<CreditInput> responses)
    {
        var groups = new GroupStatistics(responses);
        return new CreditAssignment(
            [.. responses.Select(response => Credit.Uniform(Score(response, groups), response.OldLogProbs.Length))], groups.Metrics);
    }

    public ObjectiveResult Evaluate(ObjectiveInputs inputs)
    {
        using var scope = NewDisposeScope();
        var lengths = inputs.Mask.sum(1);                                       // (B)
        var divisor = options.LengthNormalised ? lengths.clamp_min(1) : ones_like(lengths);
        var trained = lengths.gt(0).to_type(lengths.dtype);                     // masked responses contribute nothing
        var policy = (inputs.PolicyLogProbs * inputs.Mask).sum(1) / divisor;    // (B)
        var reference = (inputs.ReferenceLogProbs * inputs.Mask).sum(1) / divisor;
        var beta = BetaAt(inputs.Progress);

        var residual = inputs.LogPartition + policy - beta * inputs.Scores - reference; // δ
        var (weight, clipped) = ImportanceWeight(inputs, lengths);
        var loss = (weight * options.ResidualLoss.Apply(residual) * trained).sum() / inputs.MiniBatchResponses;

        using var noGradient = no_grad();
        double Mean(Tensor perResponse) => (perResponse * trained).sum().to_type(ScalarType.Float64).item<double>() / Math.Max(1, trained.sum().to_type(ScalarType.Float64).item<double>());
        var logRatio = ((inputs.PolicyLogProbs - inputs.ReferenceLogProbs) * inputs.Mask).sum(1);
        var metrics = new Dictionary<string, double>
        {
            ["log_z"] = Mean(inputs.LogPartition),
            ["residual"] = Mean(residual),
            ["residual_abs"] = Mean(residual.abs()),
            ["weight"] = Mean(weight),
            ["weight_clip_share"] = Mean(clipped),
            ["policy_log_prob"] = Mean((inputs.PolicyLogProbs * inputs.Mask).sum(1) / lengths.clamp_min(1)),
            ["reference_log_prob"] = Mean((inputs.ReferenceLogProbs * inputs.Mask).sum(1) / lengths.clamp_min(1)),
            ["kl_reference"] = Mean(logRatio / lengths.clamp_min(1)),
            ["beta"] = beta,
            ["length_tilt"] = LengthTilt(lengths, inputs.Scores, trained),
        };
        return new ObjectiveResult(loss.MoveToOuterDisposeScope(), metrics);
    }

    /// <summary>β at a share of the run.</summary>
    internal double BetaAt(double progress)
    {
        var done = Math.Clamp(progress / options.BetaAnnealShare, 0, 1);
        return options.BetaSchedule switch
        {
            ScheduleShape.Linear => options.BetaStart + (options.Beta - options.BetaStart) * done,
            ScheduleShape.Cosine => options.BetaStart + (options.Beta - options.BetaStart) * (1 - Math.Cos(Math.PI * done)) / 2,
            _ => options.Beta,
        };
    }

    private double Score(CreditInput response, GroupStatistics groups)
    {
        if (!options.RewardNormalised) return response.Reward;
        var (mean, deviation) = groups[response.Group];
        return (response.Reward - mean) / (deviation + DeviationFloor);
    }

    /// <summary>w and whether the bound changed it, (B) each, without gradient.</summary>
    private (Tensor Weight, Tensor Clipped) ImportanceWeight(ObjectiveInputs inputs, Tensor lengths)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (!options.ImportanceWeight)
        {
            return (ones_like(inputs.Scores).MoveToOuterDisposeScope(), zeros_like(inputs.Scores).MoveToOuterDisposeScope());
        }
        var logRatio = ((inputs.PolicyLogProbs - inputs.OldLogProbs) * inputs.Mask).sum(1);
        if (options.WeightLevel == WeightLevel.GeometricMean) logRatio = logRatio / lengths.clamp_min(1);
        var ratio = logRatio.clamp(-LogRatioBound, LogRatioBound).exp();
        var weight = options.ResolvedClip switch
        {
            WeightClip.TwoSided => ratio.clamp(1 - options.EpsilonLow, 1 + options.EpsilonHigh),
            WeightClip.Cap => ratio.clamp_max(options.WeightCap),
            _ => ratio,
        };
        var clipped = weight.ne(ratio).to_type(ratio.dtype);
        return (weight.detach().MoveToOuterDisposeScope(), clipped.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Mean length of responses with a positive score over that of all, minus 1. The length-normalised fixed point is
    /// π_ref·exp(|y|·(β·r̂ − log Z)), so this grows where longer correct answers are favoured.
    /// </summary>
    private static double LengthTilt(Tensor lengths, Tensor scores, Tensor trained)
    {
        using var scope = NewDisposeScope();
        var good = scores.gt(0).to_type(lengths.dtype) * trained;
        double Sum(Tensor values) => values.sum().to_type(ScalarType.Float64).item<double>();
        var (count, total) = (Sum(good), Sum(trained));
        if (count == 0 || total == 0) return 0;
        var mean = Sum(lengths * trained) / total;
        return Sum(lengths * good) / count / mean - 1;
    }
}
