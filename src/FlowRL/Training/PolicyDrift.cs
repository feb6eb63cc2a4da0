using FlowRL.Models;

namespace FlowRL.Training;

/// <summary>How far updates moved the policy, measured on responses that it had sampled before them.</summary>
internal static class PolicyDrift
{
    /// <summary>Mean over trained tokens of |log π_θ − log π_old| in nats; 0 without any.</summary>
    public static double Of(
        Decoder policy, IReadOnlyList<TrainingSample> samples, double temperature, int tokenBudget, CancellationToken cancellation)
    {
        var now = LogProbScorer.Score(policy, [.. samples.Select(sample => sample.Sequence)], temperature, tokenBudget, cancellation);
        var moved = samples.SelectMany((sample, i) => now[i].Select((logProb, t) => (Trained: sample.LossMask[t],
            Distance: Math.Abs((double)logProb - sample.OldLogProbs[t])))).Where(token => token.Trained).Select(token => token.Distance).ToArray();
        return moved.Length == 0 ? 0 : moved.Average();
    }
}
