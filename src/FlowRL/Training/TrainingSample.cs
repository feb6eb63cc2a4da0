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
