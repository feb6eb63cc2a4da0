using System.Text.Json;

namespace FlowRL.Checkpoints;

/// <summary>
/// Fields that change what a model computes. A family that knows one asks for it; what no family asked for must be off, so that no file's switch is passed
/// over in silence.
/// </summary>
internal static class ModelSwitches
{
    private const string Quantised = "says that the weights are quantised; use the model's F32, F16 or BF16 version";
    private const string Experts = "says mixture of experts, which is not supported; use a dense model";
    private const string Unknown = "which models of this family are not computed with here; use another model";

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["quantization_config"] = Quantised,
        ["compression_config"] = Quantised,
        ["use_sliding_window"] = "is true; set it to false for contexts that fit the window",
        ["num_experts"] = Experts,
        ["num_local_experts"] = Experts,
        ["n_routed_experts"] = Experts,
        ["moe_intermediate_size"] = Experts,
        ["rope_interleaved"] = "is true: neighbouring dimensions would turn together, and only halves of a head can; use a model that is stored so",
        ["use_bidirectional_attention"] = "is on: an encoder sees what comes after, and only decoders are supported; use a decoder",
    };

    /// <summary>Refused by their value, with the same words for all.</summary>
    private static readonly string[] Others =
    [
        "sliding_window", "attention_bias", "mlp_bias", "qkv_bias", "use_bias", "use_qkv_bias", "attn_logit_softcapping", "final_logit_softcapping",
        "logit_softcapping", "embedding_multiplier", "residual_multiplier", "attention_multiplier", "logits_scaling", "logit_scale", "scale_emb", "scale_depth",
        "alibi", "use_alibi", "clip_qkv", "qk_layernorm", "use_qk_norm", "qk_norm", "parallel_attn", "use_parallel_residual", "is_encoder_decoder",
        "add_cross_attention", "cross_attention_layers", "no_rope_layers", "no_rope_layer_interval", "num_kv_shared_layers", "hidden_size_per_layer_input",
        "attention_chunk_size", "attn_temperature_tuning", "layer_types", "rope_interleave", "partial_rotary_factor", "attn_output_gate",
    ];

    /// <summary>Values that say "as everybody", beside null, false, 0, 1 and nothing.</summary>
    private static readonly string[] Neutral = ["full_attention", "attention"];

    /// <param name="root">The fields.</param>
    /// <param name="asked">Those that the family asked for.</param>
    /// <param name="fields">Told of those that are on.</param>
    public static void Require(JsonElement root, IReadOnlySet<string> asked, DecoderConfigFields fields)
    {
        foreach (var property in root.EnumerateObject().Where(property => !asked.Contains(property.Name)).ToList())
        {
            if (Words.TryGetValue(property.Name, out var words) && !IsOff(property.Value)) fields.Refuse(property.Name, words);
            else if (Others.Contains(property.Name) && !IsOff(property.Value) && !IsSwitchedOff(root, property.Name))
                fields.Refuse(property.Name, $"is {DecoderConfigFields.Shortened(property.Value)}, {Unknown}");
        }
    }

    /// <summary>Qwen's files give a window beside a switch that says whether it is used.</summary>
    private static bool IsSwitchedOff(JsonElement root, string key) => key == "sliding_window"
        && root.TryGetProperty("use_sliding_window", out var use) && use.ValueKind == JsonValueKind.False;

    private static bool IsOff(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Number => value.TryGetDouble(out var number) && number is 0 or 1,
        JsonValueKind.String => Neutral.Contains(value.GetString()),
        JsonValueKind.Array => value.EnumerateArray().All(IsOff),
        _ => false,
    };
}
