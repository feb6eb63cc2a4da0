namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>The families that can be read from GGUF and written to it.</summary>
internal static class GgufFamilies
{
    /// <summary>Of several with one architecture, a file is read as the first that it may be of.</summary>
    private static readonly GgufFamily[] All =
    [
        new("llama", "llama")
        {
            LayerNames = PlainRules.Paired,
            Rules =
            [
                .. PlainRules.All,
                new PresentRule("attention_bias", "blk.0.attn_output.bias"),
                new PresentRule("mlp_bias", "blk.0.ffn_down.bias"),
            ],
        },
        new("llama", "mistral") { LayerNames = PlainRules.Paired, Rules = [.. PlainRules.All, new ImpliedRule("sliding_window", _ => null)] },
        new("mistral3", "ministral3")
        {
            IsOf = metadata => GrowthRule.IsIn(metadata, "mistral3"),
            LayerNames = PlainRules.Paired,
            Rules = [.. PlainRules.All, new GrowthRule()],
        },
        new("mistral3", "mistral") { LayerNames = PlainRules.Paired, Rules = [.. PlainRules.All, new ImpliedRule("sliding_window", _ => null)] },
        new("smollm3", "smollm3") { LayerNames = PlainRules.Paired },
        new("qwen2", "qwen2"),
        new("qwen3", "qwen3") { LayerNames = PlainRules.WithHeadNorms },
        new("qwen3moe", "qwen3_moe")
        {
            LayerNames = PlainRules.With(PlainRules.WithHeadNorms,
                ("mlp.gate", new WholeForm("ffn_gate_inp") { IsExact = true }), ("mlp.experts.*.gate_proj", new ExpertForm("ffn_gate_exps")),
                ("mlp.experts.*.up_proj", new ExpertForm("ffn_up_exps")), ("mlp.experts.*.down_proj", new ExpertForm("ffn_down_exps"))),
            Rules = [.. PlainRules.All, new ExpertsRule("num_experts", "moe_intermediate_size"), new ImpliedRule("norm_topk_prob", _ => true)],
        },
        new("qwen35", "qwen3_5_text") { LayerNames = SpecialNames.Qwen35, Rules = [.. PlainRules.All, new DeltaRuleRule()] },
        new("gemma2", "gemma2")
        {
            LayerNames = SpecialNames.NormsAround,
            Rules =
            [
                .. PlainRules.All,
                new WindowRule(2) { Default = 4096, IsAlways = true },
                new NumberRule("attn_logit_softcapping", "attn_logit_softcapping", config => config.AttentionSoftCap) { IsOptional = true },
                new NumberRule("final_logit_softcapping", "final_logit_softcapping", config => config.FinalSoftCap) { IsOptional = true },
                GemmaScalar(layersOfLargest: 46),
            ],
        },
        new("gemma3", "gemma3_text")
        {
            LayerNames = PlainRules.With(SpecialNames.NormsAround, ("self_attn.q_norm", "attn_q_norm"), ("self_attn.k_norm", "attn_k_norm")),
            Rules =
            [
                .. PlainRules.All,
                new WindowRule(6),
                new LocalBaseRule(),
                new NumberRule("final_logit_softcapping", "final_logit_softcapping", config => config.FinalSoftCap) { IsOptional = true },
                GemmaScalar(layersOfLargest: 62),
            ],
        },
        new("granite", "granitemoehybrid")
        {
            IsOf = metadata => TurnsRule.IsOff(metadata, "granite"),
            LayerNames = PlainRules.With(PlainRules.Paired,
                ("shared_mlp.input_linear", new HalvesForm("ffn_gate", "ffn_up")), ("shared_mlp.output_linear", "ffn_down")),
            Rules =
            [
                .. SpecialRules.Granite,
                new TurnsRule(),
                new RenamedRule("intermediate_size", "shared_intermediate_size"),
                new ImpliedRule("num_local_experts", _ => 0),
                new ImpliedRule("layer_types", reading => Enumerable.Repeat("attention", reading.Layers).ToArray()),
            ],
        },
        new("granite", "granite") { LayerNames = PlainRules.Paired, Rules = SpecialRules.Granite },
        new("phi3", "phi3")
        {
            LayerNames = PlainRules.With(("self_attn.qkv_proj", "attn_qkv"), ("mlp.gate_up_proj", "ffn_up")),
            Rules = [.. PlainRules.All, new OneWindowRule()],
        },
        new("olmo2", "olmo3")
        {
            IsOf = metadata => WindowRule.IsIn(metadata, "olmo2"),
            LayerNames = SpecialNames.NormsAfter,
            Rules = [.. PlainRules.All, new WindowRule(4), new UnscaledWindowsRule()],
        },
        new("olmo2", "olmo2") { LayerNames = SpecialNames.NormsAfter },
        new("lfm2", "lfm2")
        {
            LayerNames = SpecialNames.Lfm2,
            FinalNorm = "token_embd_norm.weight",
            Rules =
            [
                .. PlainRules.Without("attention.head_count_kv"),
                new ShortConvolutionRule(),
                new RenamedRule("rms_norm_eps", "norm_eps"),
                new ImpliedRule("block_auto_adjust_ff_dim", _ => false),
            ],
        },
        new("gpt-oss", "gpt_oss")
        {
            LayerNames = SpecialNames.GptOss,
            Rules =
            [
                .. PlainRules.All.Select(rule => rule is ScalingRule ? new ScalingRule { Truncates = false } : rule),
                new WindowRule(2) { IsAlways = true },
                new ExpertsRule("num_local_experts", "intermediate_size"),
            ],
        },
    ];

    /// <summary>Their architectures, as a sentence has them.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(family => family.Architecture).Distinct());

    /// <summary>What <c>model_type</c> calls them, as a sentence has them.</summary>
    public static string ModelTypes { get; } = string.Join(", ", All.Select(family => family.ModelType).Distinct());

    /// <summary>The family that a file is read as; null where none has its architecture.</summary>
    public static GgufFamily? Of(string architecture, GgufMetadata metadata) =>
        Array.Find(All, family => family.Architecture == architecture && family.IsOf?.Invoke(metadata) != false);

    /// <summary>The family as which models are written; null where there is none.</summary>
    public static GgufFamily? OfModelType(string modelType) => Array.Find(All, family => family.ModelType == modelType);

    /// <summary>llama.cpp scales Gemma's scores by the width of heads, but in its largest model, by what of the width there is for a head.</summary>
    private static ImpliedRule GemmaScalar(int layersOfLargest) => new("query_pre_attn_scalar", reading =>
        reading.Field("num_hidden_layers") == layersOfLargest && reading.Field("num_attention_heads") is > 0 and var heads
            ? reading.Field("hidden_size") / heads : reading.Field("head_dim"));
}
