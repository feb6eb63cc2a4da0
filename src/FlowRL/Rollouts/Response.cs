using FlowRL.Tasks;

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

    /// <summary>
    /// Log-probability of each token at the sampling temperature, over the whole vocabulary whatever truncation left out, as the engine computed
    /// it; empty from an engine that gives none.
    /// </summary>
    public required float[] LogProbs { get; init; }

    public required FinishReason FinishReason { get; init; }

    /// <summary>For each token, the number of optimiser steps that the policy which drew it had taken.</summary>
    public required long[] PolicyVersions { get; init; }

    /// <summary>The oldest of <see cref="PolicyVersions"/>.</summary>
    public long PolicyVersion => PolicyVersions.Min();

    /// <summary>The decoded text, special tokens left out.</summary>
    public required string Text { get; init; }

    public int Length => TokenIds.Length;

    public bool IsTruncated => FinishReason == FinishReason.Length;
}

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

/// <summary>G responses to one problem. A group is a type, so that responses of different prompts cannot be normalised together.</summary>
public sealed record RolloutGroup(Problem Problem, int[] PromptIds, IReadOnlyList<Response> Responses);

/// <summary>Asks for a group of responses. Each draws its tokens from a stream of its own, derived from the seed and its number.</summary>
/// <param name="Problem">What is answered.</param>
/// <param name="PromptIds">The prompt; at least one token.</param>
/// <param name="Samples">Responses wanted.</param>
/// <param name="Seed">Of the group.</param>
public sealed record SampleRequest(Problem Problem, int[] PromptIds, int Samples, ulong Seed)
{
    /// <summary>Number of the first response in its group: to go on with one of several, ask for one sample with that one's number.</summary>
    public int FirstSample { get; init; }

    /// <summary>
    /// Tokens that the responses have already: what was sampled before, or what an environment said. They follow the prompt, count as part of
    /// the response's length, and sampling goes on behind them as if it had never stopped; <see cref="Response"/> holds only what is new.
    /// </summary>
    public int[] Given { get; init; } = [];
}
