using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Decoding;

namespace FlowRL.Rollouts;

/// <summary>What is sampled in each step.</summary>
public sealed record RolloutOptions
{
    [Description("Problems a step.")]
    [Range(1, 1 << 20)]
    public int Problems { get; init; } = 32;

    [Description("Responses a problem (G).")]
    [Range(1, 4096)]
    public int GroupSize { get; init; } = 8;

    [Description("How responses are drawn.")]
    public SamplingOptions Sampling { get; init; } = new();

    [Description("What samples; local is this process.")]
    public RolloutEngineOptions Engine { get; init; } = new LocalEngineOptions();

    [Description("Sequences decoded side by side.")]
    [Range(1, 1 << 16)]
    public int Slots { get; init; } = 256;

    [Description("How tokens are computed.")]
    public DecodeOptions Decode { get; init; } = new();

    [Description("Updates that sampling stays behind: 0 samples and updates in turn; 1 samples the next batch beside the update, " +
        "with a copy of the policy. Worth it where sampling leaves processors idle.")]
    [Range(0, 1)]
    public int Lag { get; init; }

    [Description("Prompts may have this many tokens; long_prompts says what happens to others.")]
    [Range(1, 1 << 20)]
    public int MaxPromptTokens { get; init; } = 2048;

    [Description("Training problems with longer prompts: refuse them when one is drawn, or skip them (left out at the start, counted).")]
    public LongPrompts LongPrompts { get; init; } = LongPrompts.Refuse;

    [Description("Seconds that the verification of one response may take.")]
    [Range(0.01, 3600.0)]
    public double VerifySeconds { get; init; } = 10;

    [Description("What happens to responses that hit the length limit: keep their reward, mask them out of the loss, or penalise them.")]
    public TruncationPolicy Truncated { get; init; } = TruncationPolicy.Keep;

    [Description("Reward of a truncated response under 'penalise'.")]
    [Range(-1000.0, 1000.0)]
    public double TruncationReward { get; init; } = -0.5;

    [Description("Over this many tokens before the length limit the reward falls by overlong_penalty; 0 switches it off.")]
    [Range(0, 1 << 20)]
    public int OverlongTokens { get; init; }

    [Description("What a response of the greatest length loses with overlong_tokens.")]
    [Range(0.0, 1000.0)]
    public double OverlongPenalty { get; init; } = 1;
}

/// <summary>What happens to training problems whose prompts are too long.</summary>
public enum LongPrompts
{
    /// <summary>The run ends when one is drawn.</summary>
    Refuse,

    /// <summary>They are left out at the start and counted.</summary>
    Skip,
}

/// <summary>What happens to a response that hit the length limit.</summary>
public enum TruncationPolicy
{
    /// <summary>It is trained on with the reward that the verifier gave it.</summary>
    Keep,

    /// <summary>It is left out of the loss; its reward still counts in its group.</summary>
    Mask,

    /// <summary>It is trained on with a fixed reward.</summary>
    Penalise,
}
