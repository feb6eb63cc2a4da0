using FlowRL.Models;
using FlowRL.Models.Families;

namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>Layers with a window turn by a base of their own, unscaled (Gemma 3).</summary>
internal sealed record LocalBaseRule : GgufRule
{
    private const string Key = "rope.freq_base_swa";
    private const string Older = "rope.local.freq_base";
    private const double Default = 10000;

    public override void Read(GgufReading reading)
    {
        var older = reading.Number(Older);
        reading.Set("rope_local_base_freq", reading.Number(Key) ?? older ?? Default, Key);
    }

    public override void Write(DecoderConfig config, GgufWriting writing)
    {
        if (config.LayerShapes.Select(shape => shape.Rotary).OfType<RotaryRule>().FirstOrDefault() is { } local) writing.Add(Key, (float)local.Theta);
    }
}

/// <summary>Layers with a window turn by the base of the others, unscaled (OLMo 3).</summary>
internal sealed record UnscaledWindowsRule : GgufRule
{
    public override void Read(GgufReading reading)
    {
        var theta = reading.Fields.GetValueOrDefault("rope_theta") ?? 10000.0;
        var scaled = reading.Fields.GetValueOrDefault(ScalingRule.Field) as IReadOnlyDictionary<string, object?> ?? Plain;
        reading.Fields.Remove(ScalingRule.Field);
        reading.Set("rope_parameters", new Dictionary<string, object?>
        {
            [LayerFields.Full] = new Dictionary<string, object?>(scaled) { ["rope_theta"] = theta },
            [LayerFields.Sliding] = new Dictionary<string, object?>(Plain) { ["rope_theta"] = theta },
        }, null);
    }

    public override void Write(DecoderConfig config, GgufWriting writing) { }

    internal static IReadOnlyDictionary<string, object?> Plain { get; } = new Dictionary<string, object?> { ["rope_type"] = "default" };
}

/// <summary>Queries that grow with their position from the original context on (Ministral 3).</summary>
internal sealed record GrowthRule : GgufRule
{
    private const string Key = "attention.temperature_scale";

    /// <summary>Whether a file says that queries grow.</summary>
    public static bool IsIn(GgufMetadata metadata, string architecture) => metadata.Has($"{architecture}.{Key}");

    public override void Read(GgufReading reading)
    {
        if (reading.Number(Key) is not { } beta) reading.Missing(Key);
        else if (reading.Whole(ScalingRule.Original) is not { } original) reading.Missing(ScalingRule.Original);
        else
        {
            var scaled = reading.Fields.GetValueOrDefault(ScalingRule.Field) as IReadOnlyDictionary<string, object?> ?? UnscaledWindowsRule.Plain;
            reading.Fields.Remove(ScalingRule.Field);
            reading.Set("rope_parameters", new Dictionary<string, object?>(scaled)
            {
                ["llama_4_scaling_beta"] = beta,
                ["original_max_position_embeddings"] = original,
                ["rope_theta"] = reading.Fields.GetValueOrDefault("rope_theta"),
            }, null);
        }
    }

    public override void Write(DecoderConfig config, GgufWriting writing)
    {
        if (config.QueryGrowth is not { } growth) return;
        writing.Add(Key, (float)growth.Beta);
        if (config.RopeScaling is RopeScaling.Unscaled or RopeScaling.Linear) writing.Add(ScalingRule.Original, (uint)growth.OriginalContextLength);
    }
}

/// <summary>Whether heads turn at all, which Granite's files say in a word that means something else in others.</summary>
internal sealed record TurnsRule : GgufRule
{
    private const string Key = "rope.scaling.finetuned";

    /// <summary>Whether a file says that heads do not turn.</summary>
    public static bool IsOff(GgufMetadata metadata, string architecture) => metadata.Flag($"{architecture}.{Key}") == false;

    public override void Read(GgufReading reading) => reading.Set("position_embedding_type", reading.Flag(Key) == false ? null : "rope", Key);

    public override void Write(DecoderConfig config, GgufWriting writing) => writing.Add(Key, config.ShapeOf(0).Turns);
}
