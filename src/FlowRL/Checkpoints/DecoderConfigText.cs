using System.Collections;
using System.Globalization;
using System.Text.Json;
using FlowRL.Models;
using FlowRL.Models.Families;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>The bytes of a <c>config.json</c>: keys sorted, two spaces, a line feed at the end, as transformers writes it.</summary>
internal static class DecoderConfigText
{
    /// <exception cref="ArgumentException">The family has no way to say this shape.</exception>
    public static byte[] Of(DecoderConfig config, ScalarType dtype, ModelFamilies families)
    {
        var family = families.Find(config.ModelType);
        var problems = DecoderConfigRules.Problems(config)
            .Concat(family is null ? [$"model_type '{config.ModelType}' is not {families.List("or")}"] : family.Unsayable(config)).ToList();
        var bytes = problems.Count == 0 ? Text(family!, config, dtype) : [];
        if (problems.Count == 0) problems.AddRange(Lost(family!, config, bytes));
        return problems.Count == 0 ? bytes
            : throw new ArgumentException($"This shape cannot be written as a config.json: {string.Join("; ", problems)}.", nameof(config));
    }

    private static byte[] Text(ModelFamily family, DecoderConfig config, ScalarType dtype)
    {
        var fields = new Dictionary<string, object?>(family.Write(config))
        {
            ["architectures"] = new[] { family.Architecture },
            ["attention_dropout"] = 0.0,
            ["model_type"] = family.Name,
            ["torch_dtype"] = TorchName(dtype),
            ["use_cache"] = true,
        };
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" })) WriteObject(json, fields);
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>What reading the text does not give back: a family may have no field for a part that was made after it.</summary>
    private static List<string> Lost(ModelFamily family, DecoderConfig config, byte[] text)
    {
        var problems = new List<string>();
        using var document = JsonDocument.Parse(text);
        var back = family.Read(new DecoderConfigFields(document.RootElement, "", problems));
        config = config with { TokenizerSize = null }; // the tokenizer's files say it
        foreach (var property in typeof(DecoderConfig).GetProperties())
        {
            var (meant, said) = (property.GetValue(config), property.GetValue(back));
            if (IsSame(meant, said)) continue;
            problems.Add(meant is WeightNames ? $"{family.Name} has no field for other names of weights"
                : $"{family.Name} has no field for {property.Name} {Shown(meant)}, which would be read as {Shown(said)}");
        }
        return problems;
    }

    // Records compare lists by reference.
    private static bool IsSame(object? one, object? other) =>
        Equals(one, other) || (one is IEnumerable these && other is IEnumerable those && these.Cast<object>().SequenceEqual(those.Cast<object>()));

    private static string Shown(object? value) => value is IEnumerable list and not string ? $"[{string.Join(", ", list.Cast<object>())}]"
        : Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "nothing";

    private static void WriteObject(Utf8JsonWriter json, IReadOnlyDictionary<string, object?> fields)
    {
        json.WriteStartObject();
        foreach (var (key, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(key);
            switch (value)
            {
                // Python tells 10000 from 10000.0, and transformers warns where it expects the latter.
                case double number: json.WriteRawValue(WithPoint(number.ToString("R", CultureInfo.InvariantCulture))); break;
                case float number: json.WriteRawValue(WithPoint(number.ToString("R", CultureInfo.InvariantCulture))); break;
                case IReadOnlyDictionary<string, object?> inner: WriteObject(json, inner); break;
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
