namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// Generalised advantage estimation (arXiv 1506.02438, equations 11, 12 and 16), over the trained tokens of a response; tokens that an
/// environment put in between are no steps.
/// <code>
/// δ_t = r_t + γ·V_{t+1} − V_t,   A_t = δ_t + γ·λ·A_{t+1},   R_t = A_t + V_t;   V and A are 0 after the last token
/// </code>
/// With γ = λ = 1 and V = 0 it is the sum of the rewards from t on.
/// </summary>
internal static class GeneralisedAdvantage
{
    /// <summary>A and R of each token, 0 where it is not trained.</summary>
    /// <param name="rewards">r_t.</param>
    /// <param name="values">V_t, the value before token t.</param>
    /// <param name="mask">Which tokens are trained.</param>
    /// <param name="gamma">γ in [0, 1].</param>
    /// <param name="lambda">λ in [0, 1].</param>
    public static (double[] Advantages, double[] Returns) Of(double[] rewards, float[] values, bool[] mask, double gamma, double lambda)
    {
        var (advantages, returns) = (new double[rewards.Length], new double[rewards.Length]);
        var (advantage, nextValue) = (0.0, 0.0);
        for (var t = rewards.Length - 1; t >= 0; t--)
        {
            if (!mask[t]) continue;
            advantage = rewards[t] + gamma * nextValue - values[t] + gamma * lambda * advantage;
            nextValue = values[t];
            (advantages[t], returns[t]) = (advantage, advantage + nextValue);
        }
        return (advantages, returns);
    }
}
