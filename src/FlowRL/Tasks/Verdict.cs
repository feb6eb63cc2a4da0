using FlowRL.Rewards;

namespace FlowRL.Tasks;

/// <summary>What a task says of one response.</summary>
/// <param name="Reward">The score, error or timeout.</param>
/// <param name="Answer">The final answer as a class for majority voting; null where the response has none.</param>
/// <param name="Solution">The identity of a correct solution, equal for solutions that differ only in form; null unless correct.</param>
public sealed record Verdict(Reward Reward, string? Answer, string? Solution)
{
    /// <summary>Whether the response solves the problem. Unlike the reward, this knows no partial credit.</summary>
    public bool IsCorrect => Solution is not null;
}
