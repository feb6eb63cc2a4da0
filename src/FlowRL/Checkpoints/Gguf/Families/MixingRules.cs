using FlowRL.Models;
using FlowRL.Models.Families;

namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>Layers with short convolutions in place of attention are those without heads of keys and values (LFM2).</summary>
internal sealed record ShortConvolutionRule : GgufRule
{
    private const string Heads = "attention.head_count_kv";
    private const string Taps = "shortconv.l_cache";

    public override void Read(GgufReading reading)
    {
        var layers = Enumerable.Range(0, reading.Layers);
        var each = reading.Each(Heads) ?? [.. layers.Select(_ => reading.Whole(Heads) ?? reading.Field("num_attention_heads"))];
        if (each.Length != reading.Layers) reading.Refuse(Heads, $"has {each.Length} values for {reading.Layers} layers");
        else if (each.Where(heads => heads != 0).Distinct().ToList() is { Count: > 1 }) reading.Refuse(Heads, "differs between layers with attention");
        reading.Set("num_key_value_heads", each.FirstOrDefault(heads => heads != 0, 1), Heads);
        reading.Set("layer_types", layers.Select(layer => each.ElementAtOrDefault(layer) == 0 ? "conv" : LayerFields.Full).ToArray(), Heads);
        if (reading.Whole(Taps) is { } taps) reading.Set("conv_L_cache", taps, Taps);
        else reading.Missing(Taps);
    }

    public override void Write(DecoderConfig config, GgufWriting writing)
    {
        writing.Add(Heads, new GgufArray(GgufKind.UInt32, Enumerable.Range(0, config.Layers)
            .Select(layer => config.ShapeOf(layer).Mixing == LayerMixing.Attention ? (uint)config.KeyValueHeads : 0).ToArray()));
        writing.Add(Taps, (uint)config.ConvolutionTaps);
    }
}

/// <summary>The layers with a delta rule, all but every n-th or those of a list, and the sizes of it (Qwen3.5).</summary>
internal sealed record DeltaRuleRule : GgufRule
{
    private const string Interval = "full_attention_interval";
    private const string Layers = "attention.recurrent_layers";
    private const string Taps = "ssm.conv_kernel";
    private const string Width = "ssm.state_size";
    private const string KeyHeads = "ssm.group_count";
    private const string ValueHeads = "ssm.time_step_rank";
    private const string Values = "ssm.inner_size";

    // How the numbers that turn are shared between dimensions of pictures: text has one position for all.
    private const string Sections = "rope.dimension_sections";
    private const int UsualInterval = 4;

    public override void Read(GgufReading reading)
    {
        reading.Pass(Sections);
        var each = reading.Each(Layers);
        if (each is not null && each.Length != reading.Layers) reading.Refuse(Layers, $"has {each.Length} values for {reading.Layers} layers");
        var interval = reading.Whole(Interval) ?? UsualInterval;
        if (interval < 1) reading.Refuse(Interval, "is below 1");
        bool IsRecurrent(int layer) => each is null ? interval > 0 && !IsFull(layer, interval) : each.ElementAtOrDefault(layer) != 0;
        reading.Set("layer_types", Enumerable.Range(0, reading.Layers)
            .Select(layer => IsRecurrent(layer) ? "linear_attention" : LayerFields.Full).ToArray(), Layers);
        long Required(string key, string field)
        {
            if (reading.Whole(key) is not { } number)
            {
                reading.Missing(key);
                return 0;
            }
            reading.Set(field, number, key);
            return number;
        }
        Required(Taps, "linear_conv_kernel_dim");
        Required(Width, "linear_key_head_dim");
        Required(KeyHeads, "linear_num_key_heads");
        var heads = Required(ValueHeads, "linear_num_value_heads");
        var values = Required(Values, "linear_value_head_dim");
        if (heads > 0 && values % heads != 0) reading.Refuse(Values, $"is {values}, no multiple of {heads} heads");
        else if (heads > 0) reading.Set("linear_value_head_dim", values / heads, Values);
    }

    public override void Write(DecoderConfig config, GgufWriting writing)
    {
        if (config.DeltaRule is not { } delta) return;
        bool[] recurs = [.. Enumerable.Range(0, config.Layers).Select(layer => config.ShapeOf(layer).Mixing == LayerMixing.DeltaRule)];
        var interval = Enumerable.Range(1, config.Layers + 1)
            .FirstOrDefault(interval => !recurs.Where((isRecurrent, layer) => isRecurrent == IsFull(layer, interval)).Any());
        if (interval > 0) writing.Add(Interval, (uint)interval);
        else writing.Add(Layers, new GgufArray(GgufKind.Bool, recurs));
        writing.Add(Taps, (uint)delta.Taps);
        writing.Add(Width, (uint)delta.KeyWidth);
        writing.Add(KeyHeads, (uint)delta.KeyHeads);
        writing.Add(ValueHeads, (uint)delta.ValueHeads);
        writing.Add(Values, (uint)(delta.ValueHeads * delta.ValueWidth));
        var pairs = (config.RotatedWidth ?? config.HeadWidth) / 2;
        writing.Add(Sections, new GgufArray(GgufKind.Int32, new[] { (pairs + 2) / 3, (pairs + 1) / 3, pairs / 3, 0 }));
    }

    private static bool IsFull(int layer, long interval) => (layer + 1) % interval == 0;
}

/// <summary>How many experts there are, how many compute for a token, and how wide they are.</summary>
/// <param name="Count">What <c>config.json</c> calls their number.</param>
/// <param name="Width">What it calls their inner width.</param>
internal sealed record ExpertsRule(string Count, string Width) : GgufRule
{
    private const string CountKey = "expert_count";
    private const string ChosenKey = "expert_used_count";
    private const string WidthKey = "expert_feed_forward_length";

    public override void Read(GgufReading reading)
    {
        foreach (var (key, field) in new[] { (CountKey, Count), (ChosenKey, "num_experts_per_tok"), (WidthKey, Width) })
        {
            if (reading.Whole(key) is { } number) reading.Set(field, number, key);
            else reading.Missing(key);
        }
        // A list is made of every expert of every layer: a file that has no room for them is refused before.
        for (var layer = 0; layer < reading.Layers; layer++)
        {
            var tensor = $"blk.{layer}.ffn_gate_exps.weight";
            if (reading.Shape(tensor) is [var experts, _, _] && experts == reading.Field(Count)) continue;
            reading.Problems.Add($"{tensor} does not hold the {reading.Field(Count)} experts that {reading.Full(CountKey)} says");
            return;
        }
    }

    public override void Write(DecoderConfig config, GgufWriting writing)
    {
        if (config.Experts is not { } experts) return;
        writing.Add(CountKey, (uint)experts.Count);
        writing.Add(ChosenKey, (uint)experts.Chosen);
        writing.Add(WidthKey, (uint)experts.Width);
    }
}
