using FlowRL.Models;

namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>
/// How rotations are scaled for long contexts: linear and yarn by keys, llama3's and longrope by tables of what each frequency is divided by. Dynamic
/// scaling is nothing within the trained context, which is all that is written.
/// </summary>
internal sealed record ScalingRule : GgufRule
{
    // The table of llama3's scaling, and the two of longrope.
    private const string Table = "rope_freqs.weight";
    private const string LongTable = "rope_factors_long.weight";
    private const string ShortTable = "rope_factors_short.weight";

    /// <summary>What says how many positions were trained before they were scaled.</summary>
    public const string Original = "rope.scaling.original_context_length";

    /// <summary>The field that is set.</summary>
    public const string Field = "rope_scaling";

    private const string Kind = "rope.scaling.type";
    private const string Factor = "rope.scaling.factor";
    private const string Attention = "rope.scaling.attn_factor";
    private const string Fast = "rope.scaling.yarn_beta_fast";
    private const string Slow = "rope.scaling.yarn_beta_slow";
    private const string Strength = "rope.scaling.yarn_log_multiplier";

    // Files have no words for what made the table: these are ours, and other readers pass over them. (A plain factor would scale once more there.)
    private const string TableFactor = "rope.scaling.llama3_factor";
    private const string TableOriginal = "rope.scaling.llama3_original_context_length";
    private const string Low = "rope.scaling.llama3_low_freq_factor";
    private const string High = "rope.scaling.llama3_high_freq_factor";

    // Says nothing about numbers.
    private const string Finetuned = "rope.scaling.finetuned";

    /// <summary>Whether yarn's bounds are whole dimensions, which files have no word for.</summary>
    public bool Truncates { get; init; } = true;

    /// <summary>Tensors of files that are no weights: tables that are computed from the description.</summary>
    public static bool IsTable(string tensor) => tensor is Table or LongTable or ShortTable;

    public override void Read(GgufReading reading)
    {
        reading.Flag(Finetuned);
        var kind = reading.Text(Kind) ?? (reading.Number(Factor) is not null ? "linear" : "none");
        var factor = reading.Number(Factor);
        object? scaling = kind switch
        {
            "none" or "longrope" when reading.Shape(LongTable) is not null && reading.Shape(ShortTable) is not null => LongRope(reading),
            "none" => reading.Shape(Table) is [var pairs] ? Llama3(reading, pairs) : null,
            "linear" when factor == 1 => null,
            "linear" => new Dictionary<string, object?> { ["rope_type"] = "linear", ["factor"] = Required(reading, Factor) },
            "yarn" => Yarn(reading),
            _ => Unknown(reading, kind),
        };
        if (scaling is not null) reading.Set(Field, scaling, Kind);
    }

    public override void Write(DecoderConfig config, GgufWriting writing)
    {
        switch (config.RopeScaling)
        {
            case RopeScaling.Linear linear:
                writing.Add(Kind, "linear");
                writing.Add(Factor, (float)linear.Factor);
                break;
            case RopeScaling.Yarn yarn:
                writing.Add(Kind, "yarn");
                writing.Add(Factor, (float)yarn.Factor);
                writing.Add(Original, (uint)yarn.OriginalContextLength);
                writing.Add(Attention, (float)(yarn.AttentionFactor / Usual(yarn.Factor)));
                writing.Add(Fast, (float)yarn.BetaFast);
                writing.Add(Slow, (float)yarn.BetaSlow);
                break;
            case RopeScaling.Llama3 llama:
                writing.Add(TableFactor, (float)llama.Factor);
                writing.Add(TableOriginal, (uint)llama.OriginalContextLength);
                writing.Add(Low, (float)llama.LowFrequencyFactor);
                writing.Add(High, (float)llama.HighFrequencyFactor);
                writing.Tables.Add(Table, Divisors(config.RotaryOf(0)!));
                break;
            case RopeScaling.LongRope rope:
                // Readers know it by its tables.
                writing.Add(Original, (uint)rope.OriginalContextLength);
                writing.Add(Attention, (float)rope.AttentionFactor);
                writing.Tables.Add(LongTable, [.. rope.Long.Select(divisor => (float)divisor)]);
                writing.Tables.Add(ShortTable, [.. rope.Short.Select(divisor => (float)divisor)]);
                break;
        }
    }

    /// <summary>What each pair's frequency is divided by.</summary>
    private static float[] Divisors(RotaryRule rule)
    {
        var plain = RotaryEmbedding.Frequencies(rule with { Scaling = RopeScaling.None });
        return [.. RotaryEmbedding.Frequencies(rule).Zip(plain, (scaled, unscaled) => (float)(unscaled / scaled))];
    }

    /// <summary>ggml multiplies by this itself; what a file says comes on top.</summary>
    private static double Usual(double factor, double strength = 1) => 1 + 0.1 * strength * Math.Log(factor);

    private static double Required(GgufReading reading, string key)
    {
        if (reading.Number(key) is { } number) return number;
        reading.Missing(key);
        return 1;
    }

    private Dictionary<string, object?> Yarn(GgufReading reading)
    {
        var factor = Required(reading, Factor);
        var strength = reading.Number(Strength) ?? 0;
        return new Dictionary<string, object?>
        {
            ["rope_type"] = "yarn",
            ["factor"] = factor,
            ["original_max_position_embeddings"] = (long)Required(reading, Original),
            ["attention_factor"] = (reading.Number(Attention) ?? 1) * Usual(factor) / (strength == 0 ? 1 : Usual(factor, strength)),
            ["beta_fast"] = reading.Number(Fast) ?? 32,
            ["beta_slow"] = reading.Number(Slow) ?? 1,
            ["truncate"] = Truncates,
        };
    }

    private static Dictionary<string, object?> LongRope(GgufReading reading) => new()
    {
        ["rope_type"] = "longrope",
        ["long_factor"] = reading.Numbers(LongTable),
        ["short_factor"] = reading.Numbers(ShortTable),
        ["attention_factor"] = reading.Number(Attention) ?? 1,
        ["original_max_position_embeddings"] = (long)Required(reading, Original),
    };

    /// <summary>
    /// The table says what frequencies are divided by, not how it was made. Files of other writers are Llama 3.1's or later, which all have the same
    /// bounds; whether they do is seen by making the table again.
    /// </summary>
    private static Dictionary<string, object?>? Llama3(GgufReading reading, long pairs)
    {
        var table = reading.Numbers(Table);
        var (original, low, high) = (reading.Whole(TableOriginal) ?? 8192, reading.Number(Low) ?? 1, reading.Number(High) ?? 4);
        var factor = reading.Number(TableFactor) ?? table.Max();
        var theta = reading.Number("rope.freq_base") ?? 10000;
        var scaling = new RopeScaling.Llama3(factor, low, high, (int)Math.Min(original, int.MaxValue));
        if (!Divisors(new RotaryRule(2 * (int)pairs, theta, scaling)).Zip(table, (made, said) => Math.Abs(made - said) <= 1e-3 * made).All(isSame => isSame))
        {
            reading.Problems.Add($"{Table} is not the table of llama3 scaling with factor {factor:0.###}, from {original} positions on, " +
                "which is all that can be read");
            return null;
        }
        return new Dictionary<string, object?>
        {
            ["rope_type"] = "llama3",
            ["factor"] = factor,
            ["low_freq_factor"] = low,
            ["high_freq_factor"] = high,
            ["original_max_position_embeddings"] = original,
        };
    }

    private static object? Unknown(GgufReading reading, string kind)
    {
        reading.Refuse(Kind, $"is '{kind}'; none, linear, yarn and, with its two tables, longrope can be read");
        return null;
    }
}
