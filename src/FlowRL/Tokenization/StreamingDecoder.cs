using System.Text;

namespace FlowRL.Tokenization;

/// <summary>
/// Decodes ids as they are sampled. Text comes out when it no longer ends in the middle of a character, so what has been given out
/// is never taken back. All texts together, <see cref="Flush"/>'s included, are what <see cref="ITokenizer.Decode"/> gives; only of a run
/// of byte tokens that breaks after a whole character, that character stays where decoding everything at once leaves nothing of it.
/// Holds one stream's state: not thread-safe.
/// </summary>
/// <remarks>
/// What a token shows may depend on the one before it. So each time the last ids that gave text are decoded by themselves and
/// together with what came since, and the difference is new.
/// </remarks>
public sealed class StreamingDecoder(ITokenizer tokenizer, bool skipSpecial = true)
{
    /// <summary>After so many ids without a whole character, text comes out as it is: a model may write broken bytes for ever.</summary>
    private const int MostHeld = 64;

    private readonly List<int> _ids = [];
    private int _given;

    /// <summary>The text that became complete with this token; often empty.</summary>
    public string Push(int id)
    {
        _ids.Add(id);
        var text = New();
        var isFull = _ids.Count - _given >= MostHeld;
        if (text.Length > 0 && (text[^1] != '\uFFFD' || isFull))
        {
            _ids.RemoveRange(0, _given);
            _given = _ids.Count;
            return text;
        }
        if (text.Length == 0 && isFull) _ids.RemoveRange(_given, MostHeld - 1); // tokens that show nothing
        return "";
    }

    /// <summary>The text that became complete with these tokens.</summary>
    public string Push(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids) text.Append(Push(id));
        return text.ToString();
    }

    /// <summary>Ends the text: a character that was begun comes out as U+FFFD. The decoder can then take another text.</summary>
    public string Flush()
    {
        var text = New();
        _ids.Clear();
        _given = 0;
        return text;
    }

    private string New()
    {
        var given = tokenizer.Decode(_ids[.._given], skipSpecial);
        var all = tokenizer.Decode(_ids, skipSpecial);
        return all.StartsWith(given, StringComparison.Ordinal) ? all[given.Length..] : tokenizer.Decode(_ids[_given..], skipSpecial);
    }
}
