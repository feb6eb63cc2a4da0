using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Training;

/// <summary>Turns verdicts into the scalar rewards and masks that training sees.</summary>
internal static class RewardPolicy
{
    /// <summary>
    /// A group's samples. Truncated responses are treated as the recipe says. A response whose verification failed is masked, stays out of
    /// the group's statistics, and has the mean reward of the others, penalties included (0 where all failed). Near the length limit rewards
    /// fall as the recipe says (the soft overlong punishment of arXiv 2503.14476, equation 13).
    /// </summary>
    public static IReadOnlyList<TrainingSample> ToSamples(ScoredGroup group, GroupId id, RolloutOptions options)
    {
        double?[] earned = [.. group.Rollout.Responses.Zip(group.Verdicts, (response, verdict) => Earned(response, verdict, options))];
        var neutral = earned.Average() ?? 0;
        return [.. group.Rollout.Responses.Zip(group.Verdicts, earned).Select(scored => Sample(scored.First, scored.Second, scored.Third))];

        TrainingSample Sample(Response response, Verdict verdict, double? reward) => new(
            id,
            new TokenSequence(group.Rollout.PromptIds, response.TokenIds),
            reward is null || (response.IsTruncated && options.Truncated == TruncationPolicy.Mask) ? new bool[response.Length] : response.LossMask,
            response.LogProbs,
            reward ?? neutral,
            response.IsTruncated,
            response.PolicyVersion)
        {
            IsScored = reward is not null,
            Problem = group.Rollout.Problem.Id,
            Solution = verdict.Solution,
            IsCorrect = verdict.IsCorrect,
            Answer = verdict.Answer,
            SamplerLogProbs = response.LogProbs,
        };
    }

    /// <summary>What a response earns, penalties included; null where verification failed.</summary>
    private static double? Earned(Response response, Verdict verdict, RolloutOptions options) => verdict.Reward is not Reward.Score score ? null
        : response.IsTruncated && options.Truncated == TruncationPolicy.Penalise ? options.TruncationReward
        : score.Value - Overlong(response.Length, options);

    /// <summary>What a reward loses to length: 0 up to the last overlong_tokens before the limit, then linearly the whole penalty.</summary>
    private static double Overlong(int length, RolloutOptions options)
    {
        if (options.OverlongTokens == 0) return 0;
        var over = length - (options.Sampling.MaxNewTokens - options.OverlongTokens);
        return options.OverlongPenalty * Math.Clamp((double)over / options.OverlongTokens, 0, 1);
    }
}
