using FlowRL.Models;

namespace FlowRL.Checkpoints;

/// <summary>The ranges a decoder's shape must keep, so that a hostile or mistyped file is refused before memory is asked for.</summary>
internal static class DecoderConfigRules
{
    // Far above every published model of these families, far below what would overflow a size.
    private const int MaxVocabulary = 2_000_000;
    private const int MaxWidth = 65_536;
    private const int MaxFeedForwardWidth = 524_288;
    private const int MaxLayers = 1_000;
    private const int MaxHeads = 1_024;
    private const int MaxHeadWidth = 1_024;
    private const int MaxContext = 16_777_216;
    private const int MaxIds = 1_000;

    /// <summary>Every rule that <paramref name="config"/> breaks, each a clause that begins with the name in <c>config.json</c>.</summary>
    public static IEnumerable<string> Problems(DecoderConfig config)
    {
        foreach (var (key, value, most) in new[]
        {
            ("vocab_size", config.VocabularySize, MaxVocabulary),
            ("hidden_size", config.Width, MaxWidth),
            ("intermediate_size", config.FeedForwardWidth, MaxFeedForwardWidth),
            ("num_hidden_layers", config.Layers, MaxLayers),
            ("num_attention_heads", config.Heads, MaxHeads),
            ("num_key_value_heads", config.KeyValueHeads, MaxHeads),
            ("head_dim", config.HeadWidth, MaxHeadWidth),
            ("max_position_embeddings", config.ContextLength, MaxContext),
        })
            if (value < 1 || value > most) yield return $"{key} is {value} and must be from 1 to {most}";

        if (config is { KeyValueHeads: > 0, Heads: > 0 } && config.Heads % config.KeyValueHeads != 0)
            yield return $"num_attention_heads is {config.Heads}, no multiple of num_key_value_heads {config.KeyValueHeads}";
        if (config.HeadWidth % 2 != 0)
            yield return $"head_dim is {config.HeadWidth} and must be even, because positions rotate pairs";
        if (!(config.NormEpsilon > 0 && config.NormEpsilon < 1))
            yield return FormattableString.Invariant($"rms_norm_eps is {config.NormEpsilon} and must be between 0 and 1");
        if (!(config.RopeTheta >= 1 && config.RopeTheta <= 1e12))
            yield return FormattableString.Invariant($"rope_theta is {config.RopeTheta} and must be from 1 to 1E+12");
        if (!(config.EmbeddingScale > 0 && config.EmbeddingScale <= 1e6))
            yield return FormattableString.Invariant($"the embedding scale is {config.EmbeddingScale} and must be above 0 and at most 1000000");
        if (!(config.InitializerRange >= 0 && config.InitializerRange <= 10))
            yield return FormattableString.Invariant($"initializer_range is {config.InitializerRange} and must be from 0 to 10");

        if (config.EndOfSequenceIds.Count > MaxIds)
            yield return $"eos_token_id has {config.EndOfSequenceIds.Count} ids and may have {MaxIds}";
        foreach (var id in config.EndOfSequenceIds.Take(MaxIds))
            if (Outside(id, config)) yield return $"eos_token_id has {id}, which is outside the vocabulary of {config.VocabularySize}";
        if (config.BeginOfSequenceId is { } begin && Outside(begin, config))
            yield return $"bos_token_id is {begin}, which is outside the vocabulary of {config.VocabularySize}";
        if (config.PaddingId is { } padding && Outside(padding, config))
            yield return $"pad_token_id is {padding}, which is outside the vocabulary of {config.VocabularySize}";
        foreach (var problem in ScalingProblems(config.RopeScaling)) yield return problem;
    }

    private static IEnumerable<string> ScalingProblems(RopeScaling scaling) => scaling switch
    {
        RopeScaling.Linear s => Factor(s.Factor),
        RopeScaling.Dynamic s => Factor(s.Factor),
        RopeScaling.Llama3 s => Factor(s.Factor)
            .Concat(Positive("low_freq_factor", s.LowFrequencyFactor))
            .Concat(Positive("high_freq_factor", s.HighFrequencyFactor))
            .Concat(Original(s.OriginalContextLength))
            .Concat(s.HighFrequencyFactor > s.LowFrequencyFactor ? [] : ["rope_scaling's high_freq_factor must exceed low_freq_factor"]),
        RopeScaling.Yarn s => Factor(s.Factor)
            .Concat(Positive("beta_fast", s.BetaFast))
            .Concat(Positive("beta_slow", s.BetaSlow))
            .Concat(Positive("attention_factor", s.AttentionFactor))
            .Concat(Original(s.OriginalContextLength)),
        _ => [],
    };

    private static IEnumerable<string> Factor(double factor)
    {
        if (!(factor >= 1 && factor <= 1e6))
            yield return FormattableString.Invariant($"rope_scaling's factor is {factor} and must be from 1 to 1000000");
    }

    private static IEnumerable<string> Positive(string key, double value)
    {
        if (!(value > 0 && value <= 1e6))
            yield return FormattableString.Invariant($"rope_scaling's {key} is {value} and must be above 0 and at most 1000000");
    }

    private static IEnumerable<string> Original(int length)
    {
        if (length is < 1 or > MaxContext)
            yield return $"rope_scaling's original_max_position_embeddings is {length} and must be from 1 to {MaxContext}";
    }

    private static bool Outside(int id, DecoderConfig config) => id < 0 || id >= config.VocabularySize;
}
