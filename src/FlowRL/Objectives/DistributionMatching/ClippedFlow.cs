using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using FlowRL.Configuration;
using FlowRL.Objectives.PolicyGradient;
using FlowRL.Objectives.Targets;

namespace FlowRL.Objectives.DistributionMatching;

/// <summary>
/// The residual of a target as the advantage of a clipped surrogate: on policy the gradient of ½δ² is policy gradient with the credit β·r + c − log
/// π_θ/π_ref, and a clip lets a batch be used for several updates. With ℓ = log π_old/π_ref of a token and K_t = Σ_{s≥t} ℓ_s of the tokens from t on,
/// <code>
/// A_t = G/(G − 1)·((g − ḡ) − (K_t − K̄_t)/β)/√(var_group(g − K_0/β) + 0.1²)      g = r + c/β
/// L = −mean over tokens of min(ρ·A, clip(ρ, 1 − ε_low, 1 + ε_high)·A)
/// </code>
/// Means are over the group, K̄_t over its members' tokens from t on, of which a shorter one has none. Nothing estimates log Z: the baseline takes its place.
/// </summary>
internal sealed class ClippedFlowObjective(ClippedFlowOptions options) : PolicyGradientObjective(options)
{
    private const double LeastDeviation = 0.1;
    private const string TargetKey = "target";

    private readonly ITarget _target = options.Target.Create();
    private readonly BetaSchedule _beta = options.Schedule;

    public override string Name => "clipped_flow";

    public override ObjectiveNeeds Needs => base.Needs | ObjectiveNeeds.Reference;

    public override int MinimumGroupSize => 2;

    public override JsonObject Save()
    {
        var state = base.Save();
        state[TargetKey] = _target.Save();
        return state;
    }

    public override void Restore(JsonObject state)
    {
        base.Restore(state);
        _target.Restore(state[TargetKey] as JsonObject ?? throw new FormatException($"'{TargetKey}' is missing"));
    }

    private protected override IEnumerable<Credit> Credits(IReadOnlyList<CreditInput> responses, Dictionary<string, double> metrics)
    {
        GroupStatistics.ByComparedGroup(responses);
        var offsets = _target.Offsets(responses);
        var credits = responses.Select(r => Credit.Uniform(0, r.Length)).ToArray();
        foreach (var group in responses.Index().Where(r => r.Item.IsScored).GroupBy(r => r.Item.Group))
        {
            (int Index, CreditInput Item)[] members = [.. group];
            if (members.Length < 2) continue;
            var beta = _beta.At(members[0].Item.Progress);
            double[] gains = [.. members.Select(member => member.Item.Reward + offsets[member.Index] / beta)];
            double[][] pulls = [.. members.Select(member => PullsToGo(member.Item))];
            foreach (var (member, credit) in members.Zip(Credits(gains, pulls, beta))) credits[member.Index] = credit;
        }
        return credits;
    }

    /// <summary>Of each response of a group; the score is g − K_0/β.</summary>
    /// <param name="gains">g of each.</param>
    /// <param name="pulls">K_t of each.</param>
    /// <param name="beta">β at this step.</param>
    private static IEnumerable<Credit> Credits(double[] gains, double[][] pulls, double beta)
    {
        var count = gains.Length;
        double PullAt(int response, int token) => token < pulls[response].Length ? pulls[response][token] : 0;
        double[] means = [.. Enumerable.Range(0, pulls.Max(row => row.Length)).Select(t => Enumerable.Range(0, count).Average(i => PullAt(i, t)))];
        double[] whole = [.. gains.Select((gain, i) => gain - PullAt(i, 0) / beta)];
        var (deviation, mean) = (GroupStatistics.Of(whole).StandardDeviation, gains.Average());
        var scale = (double)count / (count - 1) / Math.Sqrt(deviation * deviation + LeastDeviation * LeastDeviation);
        return gains.Select((gain, i) => new Credit((float)whole[i],
            [.. pulls[i].Select((pull, t) => (float)((gain - mean - (pull - means[t]) / beta) * scale))], new float[pulls[i].Length]));
    }

    /// <summary>K_t; 0 throughout for a wrong answer where only right ones are pulled.</summary>
    private double[] PullsToGo(CreditInput response)
    {
        var pulls = new double[response.Length];
        if (options.Pull == FlowPull.RightAnswers && !response.IsCorrect) return pulls;
        for (var (t, sum) = (response.Length - 1, 0.0); t >= 0; t--)
        {
            if (response.LossMask[t]) sum += (double)response.ProximalLogProbs[t] - response.ReferenceLogProbs[t];
            pulls[t] = sum;
        }
        return pulls;
    }
}

/// <summary>Clipped flow: bounds of 0.2 and 0.28, token mean. Two passes over a batch (training.passes) are what the clip is for.</summary>
[Variant("clipped_flow")]
public sealed record ClippedFlowOptions : ClippedSurrogateOptions
{
    public ClippedFlowOptions() => EpsilonHigh = 0.28;

    [Description("β: how strongly the target follows the reward.")]
    [Range(0.001, 10000.0)]
    public double Beta { get; init; } = 15;

    [Description("How β reaches its value: constant, or linear or cosine from beta_start. Constant unless given.")]
    public BetaScheduleKind? BetaSchedule { get; init; }

    [Description(DistributionMatching.BetaSchedule.StartDescription)]
    [Range(0.001, 10000.0)]
    public double? BetaStart { get; init; }

    [Description(DistributionMatching.BetaSchedule.AnnealShareDescription)]
    [Range(0.001, 1.0)]
    public double? BetaAnnealShare { get; init; }

    [Description("What the policy is to become: reference, tempered, flat or flat_by_solution.")]
    public TargetOptions Target { get; init; } = new ReferenceTargetOptions();

    [Description("Which responses the reference pulls: all, which is the target; or right_answers alone, after which wrong ones fall without a bound.")]
    public FlowPull Pull { get; init; }

    internal override TargetOptions? Matched => Target;

    internal BetaSchedule Schedule => DistributionMatching.BetaSchedule.Of(Kind, BetaStart, Beta, BetaAnnealShare);

    private BetaScheduleKind Kind => BetaSchedule ?? BetaScheduleKind.Constant;

    public override IObjective Create() => new ClippedFlowObjective(this);

    public override IEnumerable<string> Validate()
    {
        foreach (var error in base.Validate()) yield return error;
        foreach (var (key, cause, remedy) in DistributionMatching.BetaSchedule.Inert(Kind, BetaStart, BetaAnnealShare))
            yield return DistributionMatchingOptions.Inert(key, cause, remedy);
        if (Kl.IsOn) yield return "kl: the pull to the reference is beta's part here; leave kl out.";
        if (Pull == FlowPull.RightAnswers && Target is TemperedTargetOptions)
            yield return "pull: right_answers leaves wrong ones without a target, and tempered gives them one; set pull: all.";
    }
}

/// <summary>Which responses are pulled to the reference.</summary>
public enum FlowPull
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Right answers alone (after the abstract of arXiv 2511.19942: only they need smoothing).</summary>
    RightAnswers,
}
