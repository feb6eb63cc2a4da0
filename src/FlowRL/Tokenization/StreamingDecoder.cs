using System.Text;

namespace FlowRL.Tokenization;

/// <summary>
/// Decodes ids as they are sampled. A character whose bytes span tokens comes out when its last byte is there, so what has been
/// given out is never taken back; all texts together, <see cref="Flush"/>'s included, are what <see cref="ITokenizer.Decode"/> gives.
/// Holds one stream's state: not thread-safe.
/// </summary>
public sealed class StreamingDecoder(ITokenizer tokenizer, bool skipSpecial = true)
{
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private int? _previous;

    /// <summary>The text that became complete with this token; often empty.</summary>
    public string Push(int id)
    {
        var text = skipSpecial && tokenizer.IsSpecial(id) ? "" : Decode(tokenizer.Bytes(id, _previous), flush: false);
        _previous = id;
        return text;
    }

    /// <summary>The text that became complete with these tokens.</summary>
    public string Push(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
            text.Append(Push(id));
        return text.ToString();
    }

    /// <summary>Ends the text: a character that was begun comes out as U+FFFD. The decoder can then take another text.</summary>
    public string Flush()
    {
        _previous = null;
        return Decode([], flush: true);
    }

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var characters = new char[_utf8.GetCharCount(bytes, flush)];
        return new string(characters, 0, _utf8.GetChars(bytes, characters, flush));
    }
}
