namespace FlowRL.Objectives;

/// <summary>What credit assignment knows of one response. Arrays have one entry a response token; those not asked for are empty.</summary>
/// <param name="Group">Which group of the rollout batch the response belongs to.</param>
/// <param name="Reward">The scalar reward after penalties; never NaN.</param>
/// <param name="IsTruncated">Whether the length limit ended it.</param>
/// <param name="BehaviourLogProbs">Of the policy that sampled it, as <see cref="ObjectiveInputs.BehaviourLogProbs"/>.</param>
/// <param name="ReferenceLogProbs">log π_ref, with <see cref="ObjectiveNeeds.Reference"/>.</param>
/// <param name="Values">The critic's values, with <see cref="ObjectiveNeeds.Values"/>.</param>
public sealed record CreditInput(
    int Group, double Reward, bool IsTruncated, float[] BehaviourLogProbs, float[] ReferenceLogProbs, float[] Values)
{
    /// <summary>Of the policy at the start of the updates, as <see cref="ObjectiveInputs.ProximalLogProbs"/>.</summary>
    public float[] ProximalLogProbs { get; init; } = BehaviourLogProbs;

    /// <summary>Response tokens.</summary>
    public int Length => BehaviourLogProbs.Length;

    /// <summary>Which tokens are trained; all unless given. None in a response that is masked.</summary>
    public bool[] LossMask { get; init; } = [.. BehaviourLogProbs.Select(_ => true)];

    /// <summary>
    /// Whether the verifier decided. Where it failed, <see cref="Reward"/> is the mean of the group's others, no token is trained, and the
    /// response is no part of its group's statistics.
    /// </summary>
    public bool IsScored { get; init; } = true;

    /// <summary>The id of the problem, for objectives that remember problems.</summary>
    public string Problem { get; init; } = "";

    /// <summary>The identity of a correct solution, equal for solutions that differ only in form; null unless correct, and where it is not known.</summary>
    public string? Solution { get; init; }

    /// <summary>The answer that was read from the response, right or wrong; null where none was.</summary>
    public string? Answer { get; init; }

    /// <summary>A number of its tokens, equal for equal responses.</summary>
    public ulong Form { get; init; }

    /// <summary>Whether the verifier calls it correct: always with a <see cref="Solution"/>, and where this is set to true.</summary>
    public bool IsCorrect { get => field || Solution is not null; init; }

    /// <summary>Whether an earlier step has assigned credit to this response already.</summary>
    public bool IsReplayed { get; init; }

    /// <summary>Share of the run done, in [0, 1), for schedules inside an objective: that of the step which assigns the credit.</summary>
    public double Progress { get; init; }

    /// <summary>Tokens that are trained.</summary>
    public int TrainedTokens => LossMask.Count(trained => trained);

    /// <summary>log π_old of the response: the sum over trained tokens of <see cref="ProximalLogProbs"/>.</summary>
    public double OldLogProb => Sum(t => ProximalLogProbs[t]);

    /// <summary>log π_old/π_ref of the response, over trained tokens; with <see cref="ObjectiveNeeds.Reference"/>.</summary>
    public double OldLogRatio => Sum(t => (double)ProximalLogProbs[t] - ReferenceLogProbs[t]);

    /// <summary>log π_ref of the response, over trained tokens; with <see cref="ObjectiveNeeds.Reference"/>.</summary>
    public double ReferenceLogProb => Sum(t => ReferenceLogProbs[t]);

    /// <summary>Whether any token is trained.</summary>
    public bool IsTrained => Array.IndexOf(LossMask, true) >= 0;

    private double Sum(Func<int, double> at) => Enumerable.Range(0, Length).Where(t => LossMask[t]).Sum(at);
}

/// <summary>What one response is credited with.</summary>
/// <param name="Score">One number for the whole response: a (normalised) reward or advantage.</param>
/// <param name="TokenAdvantages">One number a response token. Sequence-level objectives repeat <paramref name="Score"/>.</param>
/// <param name="TokenReturns">Regression targets of a critic, one a response token; zeros where there is none.</param>
public sealed record Credit(float Score, float[] TokenAdvantages, float[] TokenReturns)
{
    /// <summary>c, in nats, of the response in the logarithm of the target; 0 where right answers keep the reference's odds.</summary>
    public float Offset { get; init; }

    /// <summary>The same credit for every one of <paramref name="length"/> tokens.</summary>
    public static Credit Uniform(double score, int length)
    {
        var advantages = new float[length];
        Array.Fill(advantages, (float)score);
        return new Credit((float)score, advantages, new float[length]);
    }
}

/// <summary>What a whole rollout batch is credited with.</summary>
/// <param name="Credits">One for each response, in the order of the input.</param>
/// <param name="Metrics">Of the whole rollout batch, e.g. the share of groups whose rewards are all equal.</param>
public sealed record CreditAssignment(IReadOnlyList<Credit> Credits, IReadOnlyDictionary<string, double> Metrics);
