using FlowRL.Configuration;

namespace FlowRL.Lab.Import;

/// <summary>What stands after the equals sign of one of Hydra's overrides: a text, a list in brackets, names with values in braces.</summary>
internal sealed class HydraValue
{
    private const int MostDepth = 8;
    private const int MostItems = 2000;

    private readonly string _text;
    private readonly YamlPlace _place;
    private int _at;
    private int _items;

    private HydraValue(string text, YamlPlace place) => (_text, _place) = (text, place);

    public static YamlNode Read(string text, YamlPlace place)
    {
        text = text.Trim();
        var reader = new HydraValue(text, place);
        return reader.Value("", 0) is { } value && reader._at == text.Length ? value : Scalar(text, place);
    }

    /// <summary>A text as Python and Hydra write it: <c>None</c> is nothing, <c>True</c> is true.</summary>
    public static YamlNode.Scalar Scalar(string text, YamlPlace place) =>
        new(place, text switch { "None" or "NULL" or "Null" => "null", "True" or "TRUE" => "true", "False" or "FALSE" => "false", _ => text }, IsPlain: true);

    // Null where the text has another form.
    private YamlNode? Value(string ends, int depth)
    {
        Blanks();
        if (depth > MostDepth || ++_items > MostItems) return null;
        switch (_at < _text.Length ? _text[_at] : '\0')
        {
            case '[':
                return List(depth);
            case '{':
                return Names(depth);
            case '\'' or '"':
                return Quoted();
            default:
                var start = _at;
                var braces = 0;
                while (_at < _text.Length && (braces > 0 || !ends.Contains(_text[_at], StringComparison.Ordinal)))
                {
                    // ${a,b} holds commas of its own.
                    if (_text[_at] == '{') braces++;
                    if (_text[_at] == '}') braces--;
                    _at++;
                }
                return Scalar(_text[start.._at].Trim(), _place);
        }
    }

    private YamlNode.Sequence? List(int depth)
    {
        var items = new List<YamlNode>();
        _at++;
        while (true)
        {
            Blanks();
            if (Take(']')) return new YamlNode.Sequence(_place, items);
            if (Value(",]", depth + 1) is not { } item) return null;
            items.Add(item);
            Blanks();
            if (!Take(',') && Peek() != ']') return null;
        }
    }

    private YamlNode.Mapping? Names(int depth)
    {
        var entries = new List<YamlNode.Entry>();
        _at++;
        while (true)
        {
            Blanks();
            if (Take('}')) return new YamlNode.Mapping(_place, entries);
            if (Value(":,}", depth + 1) is not YamlNode.Scalar key || !Take(':') || Value(",}", depth + 1) is not { } value) return null;
            entries.Add(new YamlNode.Entry(_place, key.Text, value));
            Blanks();
            if (!Take(',') && Peek() != '}') return null;
        }
    }

    private YamlNode.Scalar? Quoted()
    {
        var end = _text.IndexOf(_text[_at], _at + 1);
        if (end < 0) return null;
        var inner = _text[(_at + 1)..end];
        _at = end + 1;
        Blanks();
        return new YamlNode.Scalar(_place, inner, IsPlain: false);
    }

    private char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private bool Take(char expected)
    {
        if (Peek() != expected) return false;
        _at++;
        return true;
    }

    private void Blanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }
}
