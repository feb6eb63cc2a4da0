using FlowRL.Evaluation;
using FlowRL.Rewards;
using FlowRL.Tasks;
using Microsoft.Extensions.Logging;

namespace FlowRL.Training;

/// <summary>Warns where a run cannot learn anything as it goes, once for each cause.</summary>
/// <param name="comparesGroups">Whether the objective learns from differences within a group alone.</param>
/// <param name="logger">Told.</param>
internal sealed class LearningWatch(bool comparesGroups, ILogger logger)
{
    private readonly Streak _equal = new(5);
    private readonly Streak _truncated = new(3);

    /// <summary>Looks at what there is to train on.</summary>
    /// <param name="problems">The training problems.</param>
    /// <param name="perStep">Problems of a step.</param>
    public void Start(TrainingProblems problems, int perStep)
    {
        if (problems.Order.Count == 1 && perStep > 1)
            Warn("there is one training problem; every step samples it, and what is learnt is that problem");
        else if (problems.Order.Count < perStep)
            Warn($"there are {problems.Order.Count} training problems for {perStep} a step, so that each step has some of them several times");
        if (problems.Unwritable is { } unknown)
        {
            Warn($"{unknown.Count} of the first {unknown.Of} training prompts hold characters that the model's vocabulary knows none of, " +
                $"such as that of problem '{unknown.First}'; the model reads them as one token for all that is unknown");
        }
    }

    /// <summary>Looks at the evaluation before training.</summary>
    public void StartsAtZero(EvaluationReport before)
    {
        var cause = before.Truncated > 0.5 ? $"; {before.Truncated:P0} of the responses hit the length limit"
            : before.Undecided > 0 ? $"; on {before.Undecided} responses the verifier could not decide" : "";
        Warn($"the starting model solves none of {before.Problems} test problems in {before.Samples} samples each{cause}. Rewards that are all 0 teach " +
            "nothing: look at samples.jsonl, and take easier problems, a better model or supervised training first");
    }

    /// <summary>Looks at the responses of a step.</summary>
    /// <param name="step">From 1.</param>
    /// <param name="groups">What is trained on.</param>
    public void See(int step, IReadOnlyList<ScoredGroup> groups)
    {
        var responses = groups.SelectMany(group => group.Rollout.Responses).ToList();
        if (_truncated.Goes(responses.Count > 0 && responses.TrueForAll(response => response.IsTruncated)))
        {
            Warn($"step {step}: for {_truncated.Length} steps every response has hit the length limit; raise rollout.sampling.max_new_tokens, or see in " +
                "samples.jsonl why none ends");
        }
        if (_equal.Goes(IsEqual(groups)))
        {
            var which = comparesGroups ? "all rewards of each group" : "all rewards";
            Warn($"step {step}: for {_equal.Length} steps {which} have been equal, and nothing is learnt from that; look at samples.jsonl, " +
                "and take problems that are solved sometimes");
        }
    }

    private bool IsEqual(IReadOnlyList<ScoredGroup> groups)
    {
        bool Constant(IEnumerable<Verdict> verdicts) =>
            verdicts.Select(verdict => verdict.Reward).OfType<Reward.Score>().DistinctBy(score => score.Value).Count() <= 1;
        return comparesGroups ? groups.All(group => Constant(group.Verdicts)) : Constant(groups.SelectMany(group => group.Verdicts));
    }

    private void Warn(string what) => logger.LogWarning("{What}", what);

    /// <summary>Steps in a row in which something holds.</summary>
    private sealed class Streak(int length)
    {
        private int _steps;
        private bool _told;

        public int Length => length;

        /// <summary>Whether it has held for so many steps, the first time that it has.</summary>
        public bool Goes(bool holds)
        {
            _steps = holds ? _steps + 1 : 0;
            var tells = !_told && _steps == length;
            _told |= tells;
            return tells;
        }
    }
}
