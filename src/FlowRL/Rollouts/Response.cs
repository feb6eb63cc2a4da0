namespace FlowRL.Rollouts;

/// <summary>
/// One sampled response. Its token ids are the truth: they are never decoded and encoded again.
/// All arrays have one entry a response token, the end-of-sequence token included, the prompt excluded.
/// </summary>
public sealed class Response
{
    public required int[] TokenIds { get; init; }

    /// <summary>Whether a token was chosen by the policy (true) or put there by an environment (false); only the former is trained on.</summary>
    public required bool[] LossMask { get; init; }

    /// <summary>log π_old of each token at the sampling temperature, over the whole vocabulary, whatever truncation left out.</summary>
    public required float[] LogProbs { get; init; }

    public required FinishReason FinishReason { get; init; }

    /// <summary>The number of optimiser steps the sampling policy had taken.</summary>
    public required long PolicyVersion { get; init; }

    /// <summary>The decoded text, special tokens left out.</summary>
    public required string Text { get; init; }

    public int Length => TokenIds.Length;

    public bool IsTruncated => FinishReason == FinishReason.Length;
}
