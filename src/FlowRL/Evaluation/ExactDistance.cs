using FlowRL.Tasks;

namespace FlowRL.Evaluation;

/// <summary>How far a policy is from its target, with every response counted.</summary>
/// <param name="Kl">KL(π‖p*), in nats.</param>
/// <param name="ForwardKl">KL(p*‖π), in nats: large where the policy has lost a part of the target.</param>
/// <param name="TotalVariation">Half the sum of |π − p*|, in [0, 1].</param>
/// <param name="Modes">Solutions to which the policy gives at least half of what the target gives them.</param>
/// <param name="Accuracy">Probability of a correct response.</param>
/// <param name="Reward">Mean reward.</param>
/// <param name="Entropy">Entropy of whole responses, in nats.</param>
internal sealed record ExactDistance(
    double Kl, double ForwardKl, double TotalVariation, int Modes, double Accuracy, double Reward, double Entropy)
{
    /// <param name="logPolicy">log π of every response.</param>
    /// <param name="target">The target of the same responses.</param>
    /// <param name="rewards">Their rewards.</param>
    /// <param name="verdicts">Which of them are correct, and which solutions they are.</param>
    public static ExactDistance Of(double[] logPolicy, TargetDistribution target, double[] rewards, IReadOnlyList<Verdict> verdicts)
    {
        var responses = logPolicy.Zip(target.LogProbs, (log, goal) => (Log: log, P: Math.Exp(log), Goal: goal, Q: Math.Exp(goal)))
            .Select((pair, i) => (pair.Log, pair.P, pair.Goal, pair.Q, Reward: rewards[i], Verdict: verdicts[i])).ToList();
        var modes = responses.Where(response => response.Verdict.Solution is not null).GroupBy(response => response.Verdict.Solution).ToList();
        var unknown = responses.Where(response => response.Verdict is { IsCorrect: true, Solution: null });
        return new ExactDistance(
            responses.Sum(response => response.P * (response.Log - response.Goal)),
            responses.Sum(response => response.Q * (response.Goal - response.Log)),
            responses.Sum(response => Math.Abs(response.P - response.Q)) / 2,
            modes.Count(mode => mode.Sum(response => response.P) >= mode.Sum(response => response.Q) / 2),
            modes.Sum(mode => mode.Sum(response => response.P)) + unknown.Sum(response => response.P),
            responses.Sum(response => response.P * response.Reward),
            -responses.Sum(response => response.P * response.Log));
    }
}
