namespace FlowRL.Models.Families;

/// <summary>
/// Rotary settings: <c>rope_theta</c> and <c>rope_scaling</c> in older files, <c>rope_parameters</c> in newer ones. Written as the older.
/// </summary>
internal static class RotaryFields
{
    private const double DefaultTheta = 10000;

    public static double Theta(IModelFields fields) =>
        fields.Object("rope_parameters") is { } newer && newer.Has("rope_theta")
            ? newer.Double("rope_theta", DefaultTheta)
            : fields.Double("rope_theta", DefaultTheta);

    public static RopeScaling Scaling(IModelFields fields, int context)
    {
        if ((fields.Object("rope_parameters") ?? fields.Object("rope_scaling")) is not { } scaling) return RopeScaling.None;
        if (scaling.Double("partial_rotary_factor", 1) != 1)
            scaling.Refuse("partial_rotary_factor", "must be 1; partly rotated heads are not supported");
        var type = scaling.Text("rope_type") ?? scaling.Text("type");
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
        },
        _ => throw new ArgumentException($"There is no field for the rotary scaling {scaling}.", nameof(scaling)),
    };

    private static RopeScaling.Yarn Yarn(IModelFields scaling, int context)
    {
        if (!scaling.Bool("truncate", true))
            scaling.Refuse("truncate", "is false; only yarn with rounded correction limits is supported");
        var factor = scaling.Double("factor");
        return new RopeScaling.Yarn(
            factor, scaling.Double("beta_fast", 32), scaling.Double("beta_slow", 1),
            scaling.Double("attention_factor", DefaultAttention(scaling, factor)),
            scaling.Int("original_max_position_embeddings", context));
    }

    // As in transformers: 0.1 m ln(factor) + 1, as a quotient when the file gives both of DeepSeek's m.
    private static double DefaultAttention(IModelFields scaling, double factor)
    {
        var (scale, scaleAll) = (scaling.Double("mscale", 0), scaling.Double("mscale_all_dim", 0));
        return scale != 0 && scaleAll != 0 ? Temperature(factor, scale) / Temperature(factor, scaleAll) : Temperature(factor, 1);
    }

    private static double Temperature(double factor, double scale) => factor <= 1 ? 1 : 0.1 * scale * Math.Log(factor) + 1;
}
