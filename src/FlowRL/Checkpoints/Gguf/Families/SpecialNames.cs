namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>Names of weights of families that have parts beyond the plain decoder's.</summary>
internal static class SpecialNames
{
    /// <summary>Norms before and after both branches.</summary>
    public static IReadOnlyDictionary<string, GgufForm> NormsAround { get; } = PlainRules.With(
        ("post_attention_layernorm", "post_attention_norm"), ("pre_feedforward_layernorm", "ffn_norm"), ("post_feedforward_layernorm", "post_ffw_norm"));

    /// <summary>Norms after both branches alone, and over all heads.</summary>
    public static IReadOnlyDictionary<string, GgufForm> NormsAfter { get; } = PlainRules.With(PlainRules.WithHeadNorms,
        ("post_attention_layernorm", "post_attention_norm"), ("post_feedforward_layernorm", "post_ffw_norm"));

    public static IReadOnlyDictionary<string, GgufForm> Lfm2 { get; } = new Dictionary<string, GgufForm>
    {
        ["operator_norm"] = "attn_norm",
        ["ffn_norm"] = "ffn_norm",
        ["self_attn.q_proj"] = "attn_q",
        ["self_attn.k_proj"] = "attn_k",
        ["self_attn.v_proj"] = "attn_v",
        ["self_attn.out_proj"] = "attn_output",
        ["self_attn.q_layernorm"] = "attn_q_norm",
        ["self_attn.k_layernorm"] = "attn_k_norm",
        ["conv.in_proj"] = "shortconv.in_proj",
        ["conv.conv"] = new TapsForm("shortconv.conv"),
        ["conv.out_proj"] = "shortconv.out_proj",
        ["feed_forward.w1"] = "ffn_gate",
        ["feed_forward.w2"] = "ffn_down",
        ["feed_forward.w3"] = "ffn_up",
    };

    public static IReadOnlyDictionary<string, GgufForm> GptOss { get; } = PlainRules.With(
        ("post_attention_layernorm", "post_attention_norm"), ("self_attn.sinks", new WholeForm("attn_sinks") { End = ".weight" }),
        ("mlp.router", new WholeForm("ffn_gate_inp") { IsExact = true }),
        ("mlp.experts.gate_up_proj", new AlternatingForm("ffn_gate_exps", "ffn_up_exps")),
        ("mlp.experts.gate_up_proj_bias", new AlternatingForm("ffn_gate_exps", "ffn_up_exps")),
        ("mlp.experts.down_proj", new TransposedForm("ffn_down_exps")), ("mlp.experts.down_proj_bias", new WholeForm("ffn_down_exps") { End = ".bias" }));

    public static IReadOnlyDictionary<string, GgufForm> Qwen35 { get; } = PlainRules.With(PlainRules.WithHeadNorms,
        ("post_attention_layernorm", "post_attention_norm"),
        ("linear_attn.in_proj_qkv", new ValueHeadsForm("attn_qkv") { Before = ValueHeadsForm.QueriesAndKeys }),
        ("linear_attn.in_proj_z", new ValueHeadsForm("attn_gate")),
        ("linear_attn.in_proj_b", new ValueHeadsForm("ssm_beta") { Width = _ => 1 }),
        ("linear_attn.in_proj_a", new ValueHeadsForm("ssm_alpha") { Width = _ => 1 }),
        ("linear_attn.dt_bias", new ValueHeadsForm("ssm_dt") { End = ".bias", Width = _ => 1 }),
        ("linear_attn.A_log", new ValueHeadsForm("ssm_a") { Width = _ => 1, Numbers = GgufNumbers.NegativeExponentials }),
        ("linear_attn.conv1d", new ValueHeadsForm("ssm_conv1d") { Before = ValueHeadsForm.QueriesAndKeys, HasTaps = true }),
        ("linear_attn.norm", "ssm_norm"), ("linear_attn.out_proj", new ValueHeadsForm("ssm_out") { Axis = 1 }));
}
