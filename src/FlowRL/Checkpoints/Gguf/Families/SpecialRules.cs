namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>Keys of families that have more of them than the plain decoder.</summary>
internal static class SpecialRules
{
    /// <summary>Keys of Granite's scales. Files of its dense fourth generation also have keys of parts that only its other models have.</summary>
    public static IReadOnlyList<GgufRule> Granite { get; } =
    [
        .. PlainRules.All,
        new NumberRule("attention.scale", "attention_multiplier", config => config.AttentionScale ?? 1 / Math.Sqrt(config.HeadWidth)),
        new NumberRule("embedding_scale", "embedding_multiplier", config => config.EmbeddingScale) { IsOptional = true },
        new NumberRule("residual_scale", "residual_multiplier", config => config.ResidualScale) { IsOptional = true },
        new NumberRule("logit_scale", "logits_scaling", config => config.LogitDivisor),
        new PassedRule("ssm.conv_kernel", "ssm.state_size", "ssm.group_count", "ssm.inner_size", "ssm.time_step_rank", "expert_shared_feed_forward_length"),
    ];
}
