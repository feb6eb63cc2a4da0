using FlowRL.Objectives.DistributionMatching;

namespace FlowRL.Tests.Objectives.DistributionMatching;

/// <summary>FlowRL once more, one response and one number at a time, as the equations read; shares no code with the objective.</summary>
internal static class ScalarFlowRL
{
    /// <summary>The loss of <paramref name="batch"/> with the weights that <paramref name="weighed"/> has: no gradient through w.</summary>
    public static double Loss(FlowRLOptions options, TokenBatch batch, TokenBatch weighed) =>
        Enumerable.Range(0, batch.Responses).Sum(i => Response(options, batch, weighed, i)) / batch.Responses;

    public static double Weight(FlowRLOptions options, TokenBatch batch, int i)
    {
        if (options.ImportanceWeight == false) return 1;
        var length = batch.Mask[i].Sum();
        var logRatio = 0.0;
        for (var t = 0; t < length; t++) logRatio += batch.Policy[i][t] - batch.Old[i][t];
        if (options.WeightLevel == WeightLevel.GeometricMean) logRatio /= length;
        var ratio = Math.Exp(logRatio);
        var clip = options.WeightClip ?? (options.Preset is FlowRLPreset.Paper or FlowRLPreset.ExactTarget ? WeightClip.TwoSided
            : options.Preset == FlowRLPreset.VerlPort ? WeightClip.UpperBound : WeightClip.None);
        if (clip == WeightClip.TwoSided)
        {
            return Math.Min(Math.Max(ratio, 1 - (options.EpsilonLow ?? 0.2)), 1 + (options.EpsilonHigh ?? 0.2));
        }
        return clip == WeightClip.UpperBound ? Math.Min(ratio, options.WeightCap ?? 10) : ratio;
    }

    /// <summary>What response <paramref name="i"/> adds to the sum over responses.</summary>
    public static double Response(FlowRLOptions options, TokenBatch batch, TokenBatch weighed, int i)
    {
        var length = (int)batch.Mask[i].Sum();
        if (length == 0) return 0;
        var (policy, reference) = (0.0, 0.0);
        for (var t = 0; t < length; t++)
        {
            policy += batch.Policy[i][t];
            reference += batch.Reference[i][t];
        }
        var perToken = options.LengthNormalised ?? options.Preset != FlowRLPreset.ExactTarget ? 1.0 / length : 1.0;
        var delta = batch.LogZ[i] + perToken * policy - options.Beta * batch.Scores[i] - perToken * reference;
        return Weight(options, weighed, i) * Cost(options.ResidualLoss, delta, options.ResidualScale ?? 1);
    }

    private static double Cost(ResidualKind kind, double delta, double scale)
    {
        var u = delta / scale;
        return kind switch
        {
            ResidualKind.Huber => Math.Abs(u) <= 1 ? delta * delta : 2 * scale * Math.Abs(delta) - scale * scale,
            ResidualKind.Linex => 2 * scale * scale * (Math.Exp(u) - u - 1),
            ResidualKind.ShiftedCosh => 2 * scale * scale * (Math.Cosh(u) - 1),
            _ => delta * delta,
        };
    }
}
