namespace FlowRL.Models.Families;

/// <summary>
/// Rotary settings: <c>rope_theta</c> and <c>rope_scaling</c> in older files, <c>rope_parameters</c> in newer ones. Written as the older.
/// </summary>
internal static class RotaryFields
{
    /// <param name="fields">Of the model.</param>
    /// <param name="fallback">The family's, where the file leaves it out.</param>
    public static double Theta(IModelFields fields, double fallback = 10000) => Theta(fields.Object("rope_parameters"), fields, fallback);

    /// <param name="fields">Of the model.</param>
    /// <param name="context">The longest context.</param>
    /// <param name="longRope">The numbers of a head that turn, in families whose files may have two lists of divisors; null in others.</param>
    public static RopeScaling Scaling(IModelFields fields, int context, int? longRope = null)
    {
        if ((fields.Object("rope_parameters") ?? fields.Object("rope_scaling")) is not { } scaling) return RopeScaling.None;
        return longRope is not null && Type(scaling) is "longrope" or "su" ? LongRope(fields, scaling, context, longRope.Value) : Of(scaling, context);
    }

    /// <summary>
    /// How the heads turn of the layers that <c>layer_types</c> calls <paramref name="kind"/>; null where the file has no words of their own for them.
    /// </summary>
    public static RotaryRule? OfKind(IModelFields fields, string kind, int width, int context)
    {
        if (fields.Object("rope_parameters") is not { } all || !IsByKind(all)) return null;
        if (!all.Has(kind))
        {
            fields.Refuse("rope_parameters", $"has nothing for '{kind}'; add how the heads of these layers turn");
            return new RotaryRule(width, 10000, RopeScaling.None);
        }
        var own = all.Object(kind)!;
        if (!own.Bool("truncate", true)) own.Refuse("truncate", "is false, which is not read inside of a kind of layers; leave it out");
        return new RotaryRule(width, Theta(own, fields, 10000), Of(own, context));
    }

    /// <summary>The first numbers of a head that turn.</summary>
    /// <param name="fields">Of the model.</param>
    /// <param name="headWidth">Numbers of a head.</param>
    /// <param name="share">The family's, where the file leaves it out; null where only the whole head can turn.</param>
    public static int RotatedWidth(IModelFields fields, int headWidth, double? share)
    {
        var inner = fields.Object("rope_parameters");
        var where = inner?.Has("partial_rotary_factor") == true ? inner : fields;
        var written = where.Double("partial_rotary_factor", share ?? 1);
        if (share is null && written != 1) where.Refuse("partial_rotary_factor", "must be 1; partly rotated heads are not supported");
        else if (!(written > 0 && written <= 1))
            where.Refuse("partial_rotary_factor", FormattableString.Invariant($"is {written} and must be above 0 and at most 1"));
        else return (int)(headWidth * written);
        return headWidth;
    }

    private static double Theta(IModelFields? newer, IModelFields older, double fallback) =>
        newer?.Has("rope_theta") == true ? newer.Double("rope_theta", fallback) : older.Double("rope_theta", fallback);

    // Kinds of layers are objects, and nothing else in there is.
    private static bool IsByKind(IModelFields parameters) => new[] { LayerFields.Full, LayerFields.Sliding }.Any(parameters.Has);

    private static RopeScaling Of(IModelFields scaling, int context)
    {
        if (IsByKind(scaling)) return RopeScaling.None; // the kinds have their own
        var type = Type(scaling);
        switch (type)
        {
            case null when scaling.Has("factor"):
                scaling.Refuse("rope_type", "is missing");
                return RopeScaling.None;
            case null or "default":
                return RopeScaling.None;
            case "linear":
                return new RopeScaling.Linear(scaling.Double("factor"));
            case "dynamic":
                return new RopeScaling.Dynamic(scaling.Double("factor"));
            case "llama3":
                return new RopeScaling.Llama3(
                    scaling.Double("factor"), scaling.Double("low_freq_factor"), scaling.Double("high_freq_factor"),
                    scaling.Int("original_max_position_embeddings"));
            case "yarn":
                return Yarn(scaling, context);
            default:
                scaling.Refuse("rope_type", $"is '{type}'; default, linear, dynamic, llama3 and yarn are supported");
                return RopeScaling.None;
        }
    }

    /// <summary>The value of <c>rope_scaling</c>; null for none.</summary>
    public static IReadOnlyDictionary<string, object?>? Write(RopeScaling scaling) => scaling switch
    {
        RopeScaling.Unscaled => null,
        RopeScaling.Linear s => new Dictionary<string, object?> { ["factor"] = s.Factor, ["rope_type"] = "linear" },
        RopeScaling.Dynamic s => new Dictionary<string, object?> { ["factor"] = s.Factor, ["rope_type"] = "dynamic" },
        RopeScaling.Llama3 s => new Dictionary<string, object?>
        {
            ["factor"] = s.Factor,
            ["high_freq_factor"] = s.HighFrequencyFactor,
            ["low_freq_factor"] = s.LowFrequencyFactor,
            ["original_max_position_embeddings"] = s.OriginalContextLength,
            ["rope_type"] = "llama3",
        },
        RopeScaling.Yarn s => new Dictionary<string, object?>
        {
            ["attention_factor"] = s.AttentionFactor,
            ["beta_fast"] = s.BetaFast,
            ["beta_slow"] = s.BetaSlow,
            ["factor"] = s.Factor,
            ["original_max_position_embeddings"] = s.OriginalContextLength,
            ["rope_type"] = "yarn",
        }.With("truncate", s.Truncates ? null : false),
        RopeScaling.LongRope s => new Dictionary<string, object?>
        {
            ["attention_factor"] = s.AttentionFactor,
            ["long_factor"] = s.Long,
            ["rope_type"] = "longrope",
            ["short_factor"] = s.Short,
        },
        _ => throw new ArgumentException($"There is no field for the rotary scaling {scaling}.", nameof(scaling)),
    };

    private static string? Type(IModelFields scaling) => scaling.Text("rope_type") ?? scaling.Text("type");

    private static RopeScaling.LongRope LongRope(IModelFields fields, IModelFields scaling, int context, int width)
    {
        const string originalKey = "original_max_position_embeddings";
        IReadOnlyList<double> Factors(string key)
        {
            var factors = scaling.Doubles(key) ?? [];
            if (factors.Count == width / 2) return factors;
            scaling.Refuse(key, $"has {factors.Count} numbers where the {width} rotated dimensions need {width / 2}");
            return [.. Enumerable.Repeat(1.0, width / 2)];
        }
        var original = fields.Has(originalKey) ? fields.Int(originalKey) : scaling.Int(originalKey);
        var factor = scaling.Double("factor", (double)context / original);
        var attention = scaling.Double("attention_factor", factor <= 1 ? 1 : Math.Sqrt(1 + Math.Log(factor) / Math.Log(original)));
        return new RopeScaling.LongRope(Factors("short_factor"), Factors("long_factor"), attention, original);
    }

    private static RopeScaling.Yarn Yarn(IModelFields scaling, int context)
    {
        var factor = scaling.Double("factor");
        return new RopeScaling.Yarn(
            factor, scaling.Double("beta_fast", 32), scaling.Double("beta_slow", 1),
            scaling.Double("attention_factor", DefaultAttention(scaling, factor)),
            scaling.Int("original_max_position_embeddings", context))
        { Truncates = scaling.Bool("truncate", true) };
    }

    // As in transformers: 0.1 m ln(factor) + 1, as a quotient when the file gives both of DeepSeek's m.
    private static double DefaultAttention(IModelFields scaling, double factor)
    {
        var (scale, scaleAll) = (scaling.Double("mscale", 0), scaling.Double("mscale_all_dim", 0));
        return scale != 0 && scaleAll != 0 ? Temperature(factor, scale) / Temperature(factor, scaleAll) : Temperature(factor, 1);
    }

    private static double Temperature(double factor, double scale) => factor <= 1 ? 1 : 0.1 * scale * Math.Log(factor) + 1;
}
