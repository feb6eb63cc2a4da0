using FlowRL.Objectives;

namespace FlowRL.Training;

/// <summary>One response with what is known of it. Arrays have one entry a response token; those not yet computed are empty.</summary>
public sealed record TrainingSample(
    long Group,
    TokenSequence Sequence,
    bool[] LossMask,
    float[] OldLogProbs,
    double Reward,
    bool IsTruncated,
    long PolicyVersion)
{
    /// <summary>Whether the verifier decided; where it failed, the reward is a stand-in.</summary>
    public bool IsScored { get; init; } = true;

    /// <summary>The id of the problem.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Log-probabilities as the sampler computed them; <see cref="OldLogProbs"/> may be replaced by the trainer's.</summary>
    public float[] SamplerLogProbs { get; init; } = [];

    public float[] ReferenceLogProbs { get; init; } = [];

    public float[] Values { get; init; } = [];

    public Credit Credit { get; init; } = new(0, [], []);

    /// <summary>Tokens that the loss sees.</summary>
    public int TrainedTokens => LossMask.Count(trained => trained);
}

/// <summary>A prompt and the tokens that follow it; a policy is scored on the latter.</summary>
public sealed record TokenSequence(int[] Prompt, int[] Response)
{
    /// <summary>What the model reads after the prompt: the last response token is only predicted.</summary>
    public int[] Continuation => Response[..^1];

    /// <summary>Tokens that the model reads.</summary>
    public int Length => Prompt.Length + Response.Length - 1;
}
