using FlowRL.Tokenization;

namespace FlowRL.Rollouts;

/// <summary>A response while it is being sampled.</summary>
internal sealed class ActiveSequence(int request, int sample, SampleRequest source, int slot, int maxNewTokens)
{
    private readonly ulong _seed = Seeds.Derive(source.Seed, "response", source.FirstSample + sample);
    private readonly List<int> _ids = [];
    private readonly List<float> _logProbs = [];
    private readonly List<byte> _text = [];

    public int Request => request;

    public int Sample => sample;

    /// <summary>Where the engine keeps it.</summary>
    public int Slot => slot;

    public int LastToken => _ids[^1];

    /// <summary>Draws the next token; gives the reason when the response ends with it.</summary>
    public FinishReason? Append(ReadOnlySpan<float> logits, SamplingOptions options, StopConditions stops)
    {
        var uniform = Seeds.Uniform(_seed, source.Given.Length + _ids.Count);
        var drawn = options.IsPenalised
            ? RepetitionPenalty.Draw(logits, [.. source.PromptIds, .. source.Given, .. _ids], options, uniform)
            : TokenSampler.Draw(logits, options, uniform);
        _ids.Add(drawn.Id);
        _logProbs.Add(drawn.LogProb);
        if (stops.EndsSequence(drawn.Id)) return FinishReason.Stop;
        if (stops.CompletesString(drawn.Id, _text)) return FinishReason.StopString;
        return _ids.Count == maxNewTokens ? FinishReason.Length : null;
    }

    public Response ToResponse(FinishReason reason, long policyVersion, ITokenizer tokenizer)
    {
        var mask = new bool[_ids.Count];
        Array.Fill(mask, true);
        var versions = new long[_ids.Count];
        Array.Fill(versions, policyVersion);
        return new Response
        {
            TokenIds = [.. _ids],
            LossMask = mask,
            LogProbs = [.. _logProbs],
            FinishReason = reason,
            PolicyVersions = versions,
            Text = tokenizer.Decode(_ids),
        };
    }
}
