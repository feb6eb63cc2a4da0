using FlowRL.Models;

namespace FlowRL.Checkpoints;

/// <summary>
/// Rotary settings in <c>config.json</c>: <c>rope_theta</c> and <c>rope_scaling</c> in older files, <c>rope_parameters</c> in newer ones.
/// </summary>
internal static class DecoderConfigRope
{
    private const double DefaultTheta = 10000;

    public static double Theta(DecoderConfigFields fields) =>
        fields.Object("rope_parameters") is { } newer && newer.Has("rope_theta")
            ? newer.Double("rope_theta", DefaultTheta)
            : fields.Double("rope_theta", DefaultTheta);

    public static RopeScaling Scaling(DecoderConfigFields fields, int context)
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

    private static RopeScaling.Yarn Yarn(DecoderConfigFields scaling, int context)
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
    private static double DefaultAttention(DecoderConfigFields scaling, double factor)
    {
        var (scale, scaleAll) = (scaling.Double("mscale", 0), scaling.Double("mscale_all_dim", 0));
        return scale != 0 && scaleAll != 0 ? Temperature(factor, scale) / Temperature(factor, scaleAll) : Temperature(factor, 1);
    }

    private static double Temperature(double factor, double scale) => factor <= 1 ? 1 : 0.1 * scale * Math.Log(factor) + 1;
}
