using FlowRL.Models;
using FlowRL.Models.Families;

namespace FlowRL.Checkpoints;

/// <summary>The ranges a decoder's shape must keep, so that a hostile or mistyped file is refused before memory is asked for.</summary>
internal static class DecoderConfigRules
{
    // Far above every published model of these families, far below what would overflow a size.
    private const int MaxVocabulary = 2_000_000;
    private const int MaxWidth = 65_536;
    private const int MaxFeedForwardWidth = 524_288;
    private const int MaxLayers = ModelFamily.MostLayers;
    private const int MaxHeads = 1_024;
    private const int MaxHeadWidth = 1_024;
    private const int MaxContext = 16_777_216;
    private const int MaxIds = 1_000;
    private const int MaxExperts = 4_096;
    private const int MaxTaps = 64;

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
        foreach (var scaling in config.LayerShapes.Select(shape => shape.Rotary?.Scaling).OfType<RopeScaling>().Append(config.RopeScaling).Distinct())
            foreach (var problem in ScalingProblems(scaling)) yield return problem;
        foreach (var problem in PartProblems(config).Concat(ExpertProblems(config))) yield return problem;
    }

    private static IEnumerable<string> PartProblems(DecoderConfig config)
    {
        if (config.RotatedWidth is { } turned && (turned % 2 != 0 || turned < 2 || turned > config.HeadWidth))
            yield return $"partial_rotary_factor turns {turned} of {config.HeadWidth} numbers of a head, and must turn an even count of them";
        foreach (var rule in config.LayerShapes.Select(shape => shape.Rotary).OfType<RotaryRule>().Distinct())
            if (!(rule.Theta >= 1 && rule.Theta <= 1e12))
                yield return FormattableString.Invariant($"rope_theta is {rule.Theta} and must be from 1 to 1E+12");
        foreach (var (name, value) in new[]
        {
            ("the attention scale", config.AttentionScale), ("attn_logit_softcapping", config.AttentionSoftCap),
            ("final_logit_softcapping", config.FinalSoftCap), ("residual_multiplier", config.ResidualScale), ("logits_scaling", config.LogitDivisor),
            ("swiglu_limit", config.Experts?.Clamp?.Limit), ("swiglu_alpha", config.Experts?.Clamp?.Alpha),
        })
            if (value is { } number && !(number > 0 && number <= 1e6))
                yield return FormattableString.Invariant($"{name} is {number} and must be above 0 and at most 1000000");
        if (config.QueryGrowth is { } growth && !(growth.Beta is >= 0 and <= 1e6 && growth.OriginalContextLength is >= 1 and <= MaxContext))
            yield return "rope_parameters' llama_4_scaling_beta and original_max_position_embeddings must be at least 0 and at least 1";
        if (config.LayerShapes.Any(shape => shape.Mixing == LayerMixing.ShortConvolution) && config.ConvolutionTaps is < 2 or > MaxTaps)
            yield return $"conv_L_cache is {config.ConvolutionTaps} and must be from 2 to {MaxTaps}";
        if (config.DeltaRule is not { } delta) yield break;
        foreach (var (name, value, most) in new[]
        {
            ("linear_num_key_heads", delta.KeyHeads, MaxHeads), ("linear_num_value_heads", delta.ValueHeads, MaxHeads),
            ("linear_key_head_dim", delta.KeyWidth, MaxHeadWidth), ("linear_value_head_dim", delta.ValueWidth, MaxHeadWidth),
        })
            if (value < 1 || value > most) yield return $"{name} is {value} and must be from 1 to {most}";
        if (delta.Taps is < 2 or > MaxTaps) yield return $"linear_conv_kernel_dim is {delta.Taps} and must be from 2 to {MaxTaps}";
        if (delta.KeyHeads > 0 && delta.ValueHeads % delta.KeyHeads != 0)
            yield return $"linear_num_value_heads is {delta.ValueHeads}, no multiple of linear_num_key_heads {delta.KeyHeads}";
    }

    private static IEnumerable<string> ExpertProblems(DecoderConfig config)
    {
        if (config.Experts is not { } experts) yield break;
        if (experts.Count is < 1 or > MaxExperts) yield return $"num_experts is {experts.Count} and must be from 1 to {MaxExperts}";
        else if (experts.Chosen < 1 || experts.Chosen > experts.Count)
            yield return $"num_experts_per_tok is {experts.Chosen} and must be from 1 to the {experts.Count} experts";
        if (experts.Width is < 1 or > MaxFeedForwardWidth) yield return $"the experts' width is {experts.Width} and must be from 1 to {MaxFeedForwardWidth}";
        if (!(experts.BalanceCoefficient is >= 0 and <= 1e6))
            yield return FormattableString.Invariant($"router_aux_loss_coef is {experts.BalanceCoefficient} and must be from 0 to 1000000");
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
        RopeScaling.LongRope s => Positive("attention_factor", s.AttentionFactor)
            .Concat(s.Short.SelectMany(value => Positive("short_factor", value)))
            .Concat(s.Long.SelectMany(value => Positive("long_factor", value)))
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
