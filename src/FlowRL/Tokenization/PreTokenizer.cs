namespace FlowRL.Tokenization;

/// <summary>Receives the pieces of a text in order.</summary>
internal delegate void PieceSink(ReadOnlySpan<char> piece);

/// <summary>Cuts text into the pieces that merging never crosses.</summary>
internal abstract class PreTokenizer
{
    public abstract void Split(ReadOnlySpan<char> text, PieceSink sink);

    /// <summary>Whether pieces end up in the byte alphabet, which is what the vocabulary must then be written in.</summary>
    public abstract bool IsByteLevel { get; }

    public static PreTokenizer Read(JsonPlace place)
    {
        if (place.IsNull)
            throw place.Wrong("is missing, and only byte-level vocabularies can be read");
        var type = place["type"].Text;
        return type switch
        {
            "Sequence" => new SequencePreTokenizer(place["pretokenizers"].Items().Select(Read).ToArray()),
            "Split" => SplitPreTokenizer.ReadSplit(place),
            "ByteLevel" => new ByteLevelPreTokenizer(place["add_prefix_space"].Flag(true), place["use_regex"].Flag(true)),
            _ => throw place["type"].Wrong($"is {type}, and only Sequence, Split and ByteLevel can be read"),
        };
    }
}

/// <summary>Each stage splits the pieces of the one before.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<PreTokenizer> stages) : PreTokenizer
{
    public override bool IsByteLevel => stages.Any(s => s.IsByteLevel);

    public override void Split(ReadOnlySpan<char> text, PieceSink sink) => Split(0, text, sink);

    private void Split(int stage, ReadOnlySpan<char> text, PieceSink sink)
    {
        if (stage == stages.Count)
            sink(text);
        else
            stages[stage].Split(text, piece => Split(stage + 1, piece, sink));
    }
}

/// <summary>The step into bytes, with GPT-2's own splitting where <c>use_regex</c> asks for it.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private static readonly SplitPreTokenizer Gpt2 =
        new(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", keepMatches: true, keepGaps: true);

    public override bool IsByteLevel => true;

    public override void Split(ReadOnlySpan<char> text, PieceSink sink)
    {
        var piece = addPrefixSpace && !text.IsEmpty && text[0] != ' ' ? string.Concat(" ", text) : text;
        if (useRegex)
            Gpt2.Split(piece, sink);
        else
            sink(piece);
    }
}
