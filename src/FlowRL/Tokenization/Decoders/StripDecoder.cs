namespace FlowRL.Tokenization.Decoders;

/// <summary>Takes characters off both ends of each token: behind <see cref="FuseDecoder"/>, off the ends of the text.</summary>
/// <param name="character">What is taken.</param>
/// <param name="start">How many at most from the start.</param>
/// <param name="stop">How many at most from the end.</param>
internal sealed class StripDecoder(char character, int start, int stop) : TokenDecoder
{
    public static StripDecoder ReadStrip(JsonPlace place) => new(
        place["content"].Text is [var character] ? character : throw place["content"].Wrong($"is \"{place["content"].Text}\", and one character is needed"),
        place["start"].Integer, place["stop"].Integer);

    public override void Apply(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++) tokens[i] = Strip(tokens[i]);
    }

    public override TokenPart Inside(string token) => new(token, null);

    private string Strip(string text)
    {
        var (first, last) = (0, text.Length);
        while (first < Math.Min(start, text.Length) && text[first] == character) first++;
        while (last > first && text.Length - last < stop && text[last - 1] == character) last--;
        return text[first..last];
    }
}
