using FlowRL.Tokenization;

namespace FlowRL.Rollouts;

/// <summary>Passes the text of one request's responses on, each as soon as its characters are whole.</summary>
/// <param name="tokenizer">The model's.</param>
/// <param name="samples">How many responses are sampled.</param>
/// <param name="onText">Told whose text goes on, counted from 0, and by what, which may be nothing.</param>
internal sealed class TextStreams(ITokenizer tokenizer, int samples, Action<int, string> onText) : IRolloutObserver
{
    private readonly StreamingDecoder[] _decoders =
        [.. Enumerable.Range(0, samples).Select(_ => new StreamingDecoder(tokenizer, skipSpecial: true))];

    public void OnToken(int request, int sample, int token) => onText(sample, _decoders[sample].Push(token));

    public void OnResponse(int request, int sample, Response response) => End(sample);

    /// <summary>Gives out what is left of a response that no more tokens come for: a character that was begun is U+FFFD.</summary>
    public void End(int sample) => onText(sample, _decoders[sample].Flush());
}
