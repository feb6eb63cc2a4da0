using System.Globalization;
using System.Text.Json;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>The bytes of a <c>config.json</c>: keys sorted, two spaces, a line feed at the end, as transformers writes it.</summary>
internal static class DecoderConfigText
{
    public static byte[] Of(DecoderConfig config, ScalarType dtype)
    {
        var problems = DecoderConfigRules.Problems(config).Concat(Unsayable(config)).ToList();
        if (problems.Count > 0)
            throw new ArgumentException($"This shape cannot be written as a config.json: {string.Join("; ", problems)}.", nameof(config));
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
            WriteObject(json, Fields(config, dtype));
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static IEnumerable<string> Unsayable(DecoderConfig config)
    {
        if (!DecoderConfigReader.Families.ContainsKey(config.ModelType))
        {
            yield return $"model_type '{config.ModelType}' is not llama, qwen2 or qwen3";
            yield break;
        }
        var qwen2 = config.ModelType == "qwen2";
        if (qwen2 && !config.QueryKeyValueBias) yield return "qwen2 always has biases on queries, keys and values";
        if (qwen2 && config.OutputBias) yield return "qwen2 has no bias on the attention's output";
        if (!qwen2 && config.QueryKeyValueBias != config.OutputBias)
            yield return $"{config.ModelType} has biases on all of the attention's projections or on none";
        if (config.FeedForwardBias && config.ModelType != "llama") yield return "only llama can have biases in the feed-forward block";
        if (config.QueryKeyNorm != (config.ModelType == "qwen3")) yield return "qwen3, and only qwen3, normalises queries and keys";
        if (qwen2 && config.HeadWidth * (long)config.Heads != config.Width)
            yield return "qwen2 has heads as wide as hidden_size divided by num_attention_heads";
    }

    private static SortedDictionary<string, object?> Fields(DecoderConfig config, ScalarType dtype)
    {
        var fields = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["architectures"] = new[] { DecoderConfigReader.Families[config.ModelType].Architecture },
            ["attention_dropout"] = 0.0,
            ["bos_token_id"] = config.BeginOfSequenceId,
            ["eos_token_id"] = config.EndOfSequenceIds.Count switch
            {
                0 => null,
                1 => config.EndOfSequenceIds[0],
                _ => config.EndOfSequenceIds,
            },
            ["head_dim"] = config.HeadWidth,
            ["hidden_act"] = "silu",
            ["hidden_size"] = config.Width,
            ["initializer_range"] = config.InitializerRange,
            ["intermediate_size"] = config.FeedForwardWidth,
            ["max_position_embeddings"] = config.ContextLength,
            ["model_type"] = config.ModelType,
            ["num_attention_heads"] = config.Heads,
            ["num_hidden_layers"] = config.Layers,
            ["num_key_value_heads"] = config.KeyValueHeads,
            ["pad_token_id"] = config.PaddingId,
            ["rms_norm_eps"] = config.NormEpsilon,
            ["rope_scaling"] = Scaling(config.RopeScaling),
            ["rope_theta"] = config.RopeTheta,
            ["tie_word_embeddings"] = config.TiedEmbeddings,
            ["torch_dtype"] = TorchName(dtype),
            ["use_cache"] = true,
            ["vocab_size"] = config.VocabularySize,
        };
        if (config.ModelType != "qwen2") fields["attention_bias"] = config.OutputBias;
        if (config.ModelType == "llama") fields["mlp_bias"] = config.FeedForwardBias;
        else fields["use_sliding_window"] = false;
        return fields;
    }

    private static SortedDictionary<string, object?>? Scaling(RopeScaling scaling) => scaling switch
    {
        RopeScaling.Linear s => new() { ["factor"] = s.Factor, ["rope_type"] = "linear" },
        RopeScaling.Dynamic s => new() { ["factor"] = s.Factor, ["rope_type"] = "dynamic" },
        RopeScaling.Llama3 s => new()
        {
            ["factor"] = s.Factor,
            ["high_freq_factor"] = s.HighFrequencyFactor,
            ["low_freq_factor"] = s.LowFrequencyFactor,
            ["original_max_position_embeddings"] = s.OriginalContextLength,
            ["rope_type"] = "llama3",
        },
        RopeScaling.Yarn s => new()
        {
            ["attention_factor"] = s.AttentionFactor,
            ["beta_fast"] = s.BetaFast,
            ["beta_slow"] = s.BetaSlow,
            ["factor"] = s.Factor,
            ["original_max_position_embeddings"] = s.OriginalContextLength,
            ["rope_type"] = "yarn",
        },
        _ => null,
    };

    private static void WriteObject(Utf8JsonWriter json, SortedDictionary<string, object?> fields)
    {
        json.WriteStartObject();
        foreach (var (key, value) in fields)
        {
            json.WritePropertyName(key);
            switch (value)
            {
                // Python tells 10000 from 10000.0, and transformers warns where it expects the latter.
                case double number: json.WriteRawValue(WithPoint(number.ToString("R", CultureInfo.InvariantCulture))); break;
                case float number: json.WriteRawValue(WithPoint(number.ToString("R", CultureInfo.InvariantCulture))); break;
                case SortedDictionary<string, object?> inner: WriteObject(json, inner); break;
                default: JsonSerializer.Serialize(json, value); break;
            }
        }
        json.WriteEndObject();
    }

    private static string WithPoint(string number) => number.AsSpan().IndexOfAny('.', 'E') < 0 ? number + ".0" : number;

    private static string TorchName(ScalarType dtype) => dtype switch
    {
        ScalarType.Float32 => "float32",
        ScalarType.Float16 => "float16",
        ScalarType.BFloat16 => "bfloat16",
        _ => throw new ArgumentException($"Weights are stored as float32, float16 or bfloat16, not {dtype}.", nameof(dtype)),
    };
}
