namespace FlowRL.Models;

/// <summary>The weights of a gated short convolution (LFM2). Legend: D width, L taps.</summary>
internal sealed class ShortConvolutionLayout(DecoderConfig config, int layer)
{
    /// <summary>(3 D, D) gates before the convolution, gates after it, what is convolved.</summary>
    public ProjectionLayout Input { get; } = RecurrentLayout.Matrix(config, layer, "conv.in_proj", 3L * config.Width, config.Width);

    /// <summary>(D, 1, L): the last tap is the present token's.</summary>
    public WeightShape Taps { get; } = new(config.Names.InLayer(layer, "conv.conv"), WeightRole.Matrix, [config.Width, 1, config.ConvolutionTaps]);

    /// <summary>(D, D).</summary>
    public ProjectionLayout Output { get; } = RecurrentLayout.Matrix(config, layer, "conv.out_proj", config.Width, config.Width, WeightRole.Residual);

    public IEnumerable<(ProjectionLayout Matrix, IReadOnlyList<Projection> Roles)> Matrices => [(Input, []), (Output, [])];

    public IEnumerable<WeightShape?> All => [Taps, Input.Matrix, Output.Matrix];
}

/// <summary>
/// The weights of a gated delta rule (Qwen3.5). Legend: D width, Hk and Hv heads of keys and values, dk and dv their widths, L taps, C = 2 Hk dk + Hv dv
/// channels that are convolved.
/// </summary>
internal sealed class DeltaRuleLayout
{
    public DeltaRuleLayout(DecoderConfig config, int layer, DeltaRuleShape shape)
    {
        const string prefix = "linear_attn.";
        long width = config.Width, values = (long)shape.ValueHeads * shape.ValueWidth, channels = 2L * shape.KeyHeads * shape.KeyWidth + values;
        WeightShape Scalars(string name) => new(config.Names.BareInLayer(layer, prefix + name), WeightRole.Scalars, [shape.ValueHeads]);
        (TimeBias, Decay) = (Scalars("dt_bias"), Scalars("A_log"));
        Taps = new WeightShape(config.Names.InLayer(layer, $"{prefix}conv1d"), WeightRole.Matrix, [channels, 1, shape.Taps]);
        Norm = new WeightShape(config.Names.InLayer(layer, $"{prefix}norm"), WeightRole.Norm, [shape.ValueWidth]);
        Output = RecurrentLayout.Matrix(config, layer, $"{prefix}out_proj", width, values, WeightRole.Residual);
        QueryKeyValue = RecurrentLayout.Matrix(config, layer, $"{prefix}in_proj_qkv", channels, width);
        Gate = RecurrentLayout.Matrix(config, layer, $"{prefix}in_proj_z", values, width);
        Strength = RecurrentLayout.Matrix(config, layer, $"{prefix}in_proj_b", shape.ValueHeads, width);
        Time = RecurrentLayout.Matrix(config, layer, $"{prefix}in_proj_a", shape.ValueHeads, width);
    }

    /// <summary>(Hv) what is added to <see cref="Time"/>'s outputs.</summary>
    public WeightShape TimeBias { get; }

    /// <summary>(Hv) logarithms of how fast heads forget.</summary>
    public WeightShape Decay { get; }

    /// <summary>(C, 1, L): the last tap is the present token's.</summary>
    public WeightShape Taps { get; }

    /// <summary>(dv) over each value head; by w even where other norms are by 1 + w.</summary>
    public WeightShape Norm { get; }

    /// <summary>(D, Hv dv).</summary>
    public ProjectionLayout Output { get; }

    /// <summary>(C, D) queries, keys, values.</summary>
    public ProjectionLayout QueryKeyValue { get; }

    /// <summary>(Hv dv, D) what gates the norm's output.</summary>
    public ProjectionLayout Gate { get; }

    /// <summary>(Hv, D) how much of a correction is written.</summary>
    public ProjectionLayout Strength { get; }

    /// <summary>(Hv, D) how much is forgotten.</summary>
    public ProjectionLayout Time { get; }

    public IEnumerable<(ProjectionLayout Matrix, IReadOnlyList<Projection> Roles)> Matrices =>
        new[] { Output, QueryKeyValue, Gate, Strength, Time }.Select(matrix => (matrix, (IReadOnlyList<Projection>)[]));

    public IEnumerable<WeightShape?> All =>
        [TimeBias, Decay, Taps, Norm, Output.Matrix, QueryKeyValue.Matrix, Gate.Matrix, Strength.Matrix, Time.Matrix];
}

internal static class RecurrentLayout
{
    public static ProjectionLayout Matrix(DecoderConfig config, int layer, string name, long outputs, long inputs, WeightRole role = WeightRole.Matrix) =>
        new(new WeightShape(config.Names.InLayer(layer, name), role, [outputs, inputs]), null);
}
