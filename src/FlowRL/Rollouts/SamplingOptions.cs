using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FlowRL.Rollouts;

/// <summary>How tokens are drawn and when a response ends.</summary>
public sealed record SamplingOptions
{
    [Description("Softmax temperature; 0 takes the most likely token.")]
    [Range(0.0, 10.0)]
    public double Temperature { get; init; } = 1.0;

    [Description("Keep the K most likely tokens; 0 keeps all.")]
    [Range(0, int.MaxValue)]
    public int TopK { get; init; }

    [Description("Keep the smallest set of tokens whose probability reaches this; 1 keeps all.")]
    [Range(0.0, 1.0)]
    public double TopP { get; init; } = 1.0;

    [Description("Keep tokens at least this fraction as likely as the most likely one; 0 keeps all.")]
    [Range(0.0, 1.0)]
    public double MinP { get; init; }

    [Description("Above 1, tokens that stand in the prompt or the response already are less likely: their logits are divided by this where they are " +
        "above 0 and multiplied where they are below (arXiv 1909.05858); 1 changes nothing.")]
    [Range(0.1, 10.0)]
    public double RepetitionPenalty { get; init; } = 1.0;

    [Description("Length limit of a response, in tokens.")]
    [Range(1, 1 << 20)]
    public int MaxNewTokens { get; init; } = 64;

    [Description("Texts that end a response, beside the model's end-of-sequence tokens.")]
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Whether some tokens can never be drawn, so that the sampled distribution is not the policy's.</summary>
    public bool IsTruncated => TopK > 0 || TopP < 1 || MinP > 0;

    /// <summary>Whether tokens that stand there already are drawn with another probability than the policy's.</summary>
    internal bool IsPenalised => RepetitionPenalty != 1;
}
