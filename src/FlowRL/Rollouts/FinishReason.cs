namespace FlowRL.Rollouts;

/// <summary>Why a response ended.</summary>
public enum FinishReason
{
    /// <summary>An end-of-sequence or stop token was sampled; it is part of the response.</summary>
    Stop,

    /// <summary>The decoded text contains a stop string; the token that completed it is part of the response.</summary>
    StopString,

    /// <summary>The length limit or the model's context was reached: the response is truncated, not finished.</summary>
    Length,
}
