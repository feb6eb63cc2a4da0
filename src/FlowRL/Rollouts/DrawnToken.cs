namespace FlowRL.Rollouts;

/// <summary>One drawn token.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProb">Its log-probability under the policy at the sampling temperature, over the whole vocabulary, in nats.</param>
/// <param name="SampledLogProb">That under the distribution it was drawn from, which top-k, top-p and min-p cut off.</param>
public readonly record struct DrawnToken(int Id, float LogProb, float SampledLogProb);
