namespace FlowRL.Rollouts;

/// <summary>One drawn token.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProb">Its log-probability under the policy at the sampling temperature, over the whole vocabulary, in nats, whatever top-k,
/// top-p and min-p leave out.</param>
public readonly record struct DrawnToken(int Id, float LogProb);
