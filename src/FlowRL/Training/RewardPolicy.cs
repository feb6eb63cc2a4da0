using FlowRL.Recipes;
using FlowRL.Rewards;

namespace FlowRL.Training;

/// <summary>Turns verdicts into the scalar rewards and masks that training sees.</summary>
public static class RewardPolicy
{
    /// <summary>
    /// A group's samples. Truncated responses are treated as the recipe says. A response whose verification failed is masked and gets
    /// the mean reward of the others, so that it shifts nobody's baseline. Near the length limit rewards fall as the recipe says (the soft
    /// overlong punishment of arXiv 2503.14476, equation 13).
    /// </summary>
    public static IReadOnlyList<TrainingSample> ToSamples(ScoredGroup group, long id, RolloutOptions options)
    {
        var scored = group.Verdicts.Select(verdict => verdict.Reward).OfType<Reward.Score>().Select(score => score.Value).ToList();
        var neutral = scored.Count > 0 ? scored.Average() : 0;
        return [.. group.Rollout.Responses.Zip(group.Verdicts, (response, verdict) =>
        {
            var penalised = response.IsTruncated && options.Truncated == TruncationPolicy.Penalise;
            var masked = verdict.Reward is not Reward.Score || (response.IsTruncated && options.Truncated == TruncationPolicy.Mask);
            return new TrainingSample(
                id,
                new TokenSequence(group.Rollout.PromptIds, response.TokenIds),
                masked ? new bool[response.Length] : response.LossMask,
                response.LogProbs,
                penalised ? options.TruncationReward : verdict.Reward.ValueOr(neutral) - Overlong(response.Length, options),
                response.IsTruncated,
                response.PolicyVersion)
            {
                Problem = group.Rollout.Problem.Id,
                SamplerLogProbs = response.LogProbs,
            };
        })];
    }

    /// <summary>What a reward loses to length: 0 up to the last overlong_tokens before the limit, then linearly the whole penalty.</summary>
    private static double Overlong(int length, RolloutOptions options)
    {
        if (options.OverlongTokens == 0) return 0;
        var over = length - (options.Sampling.MaxNewTokens - options.OverlongTokens);
        return options.OverlongPenalty * Math.Clamp((double)over / options.OverlongTokens, 0, 1);
    }
}
